// HTTP to the SOAP service: little patience, few calls at once, and a plain word on what went wrong.
import { callbackify } from "node:util";
import { LegacyError } from "@junto/subgraph";
import type { IHttpClient } from "soap";
import { createLimit } from "./limit.ts";

export interface TransportOptions {
  /** Milliseconds that one call may take. */
  readonly timeout: number;
  /** Calls under way at the same time. */
  readonly atOnce: number;
}

interface Exchange {
  readonly url: string;
  readonly data: string | null | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: string;
}

const LARGEST_ANSWER = 8_000_000;

/** An HTTP client for `soap`. What fails, fails with a `LegacyError`; a Fault is passed on as it came. */
export function createTransport({ timeout, atOnce }: TransportOptions): IHttpClient {
  const limit = createLimit(atOnce);
  const send = (exchange: Exchange): Promise<Answer> =>
    limit(() => post(exchange, timeout), exchange.signal).catch((error: unknown) => {
      throw explain(error, exchange.signal);
    });
  return {
    request(url, data, callback, headers, options) {
      const signal = (options as { signal?: AbortSignal } | undefined)?.signal;
      const sent = { url, data: data as string | null, headers: headers ?? {}, signal };
      callbackify(() => send(sent))((error, answer) => void callback(error, answer, answer?.data));
      // `soap` calls back, and looks at nothing that is returned.
      return undefined as unknown as ReturnType<IHttpClient["request"]>;
    },
  };
}

async function post(exchange: Exchange, timeout: number): Promise<Answer> {
  const signals = [AbortSignal.timeout(timeout), ...(exchange.signal ? [exchange.signal] : [])];
  const signal = AbortSignal.any(signals);
  try {
    return await exchangeOnce(exchange, signal);
  } catch (error) {
    // A kept connection that the service closed meanwhile. Every call may be repeated: an order carries its RqId.
    if (!signal.aborted && RESET.has(networkCode(error))) return exchangeOnce(exchange, signal);
    throw error;
  }
}

async function exchangeOnce({ url, data, headers }: Exchange, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, {
    method: data ? "POST" : "GET",
    headers,
    body: data ?? null,
    redirect: "error",
    signal,
  });
  const text = await readText(response);
  if (!/xml/i.test(response.headers.get("content-type") ?? "")) {
    const code = [502, 503, 504].includes(response.status) ? "LEGACY_AWAY" : "LEGACY_NONSENSE";
    throw new LegacyError(code, code === "LEGACY_AWAY" ? AWAY : "The brand's service answers no XML");
  }
  return { status: response.status, headers: Object.fromEntries(response.headers), data: text };
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LARGEST_ANSWER)
      throw new LegacyError("LEGACY_NONSENSE", "The brand's service answers too much");
  }
  return text + decoder.decode();
}

const AWAY = "The brand's service cannot be reached";
const RESET: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

function explain(error: unknown, signal: AbortSignal | undefined): LegacyError {
  if (error instanceof LegacyError) return error;
  if (signal?.aborted && signal.reason instanceof LegacyError) return signal.reason;
  const name = (error as { name?: unknown } | null)?.name;
  if (name === "TimeoutError" || name === "AbortError") {
    return new LegacyError("LEGACY_TIMEOUT", "The brand's service did not answer in time", { cause: error });
  }
  return new LegacyError("LEGACY_AWAY", AWAY, { cause: error });
}

/** `fetch` fails with a TypeError whose cause knows more. */
function networkCode(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  return typeof cause?.code === "string" ? cause.code : "";
}
