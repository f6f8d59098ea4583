// A template's expansion, with what can go wrong in it said as the gateway says it.
import { CardTooLargeError, expand, type Json, type Template } from "@junto/template";
import { JuntoError } from "../errors/index.ts";

/** @throws JuntoError TOO_LARGE when the data repeats elements without measure */
export function expanded(template: Template, options: Parameters<typeof expand>[1]): Json {
  try {
    return expand(template, options);
  } catch (cause) {
    if (cause instanceof CardTooLargeError) throw new JuntoError("TOO_LARGE", cause.message, { cause });
    throw cause;
  }
}
