// What a person sent for an action, with what the app binds, as the input of its mutation; or what is wrong with it.
import { evaluate, EXTENSIONS, type Json } from "@junto/template";
import type { Viewer } from "../access/viewer.ts";
import type { ActInput } from "../groups/subgraph.ts";
import type { ActionType } from "./app/apps.ts";
import { coerceInput } from "./app/form.ts";
import { asksByData, limitErrors } from "./app/limits.ts";
import type { namesFor } from "./cards.ts";
import { expanded } from "./expanded.ts";
import { joinForm, type CardJoin } from "./join.ts";

export interface FillIn {
  readonly action: ActionType;
  readonly input: ActInput;
  /** Of a card's action: the card's data as the person saw it. */
  readonly shown: unknown;
  readonly viewer: Viewer;
  readonly names: ReturnType<typeof namesFor>;
  readonly join: CardJoin;
}

type Filled = ReturnType<typeof coerceInput>;
type Coerced = Exclude<Filled, { readonly userErrors: unknown }>;

export async function fillIn(filling: FillIn): Promise<Filled> {
  const { action, input, shown, names } = filling;
  const bound = [...action.bind].map(([field, expression]) => [field, evaluate(expression, shown, names)]);
  const { inputType } = action.mutation;
  const coerced = coerceInput(inputType, input.input, Object.fromEntries(bound), action.form?.lists);
  if ("userErrors" in coerced) return coerced;
  const userErrors = await againstForm(filling, coerced);
  return userErrors.length > 0 ? { userErrors } : coerced;
}

/**
 * What the form asks of its inputs. That of a card is known as the person saw it. That of the group may ask by its data,
 * and nobody knows which data that was: it is what the form would be shown with now. Where that is not complete, because a
 * system is silent, only what does not depend on it is asked.
 */
async function againstForm(
  { action: { form }, shown, viewer, join }: FillIn,
  coerced: Coerced,
): Promise<ReturnType<typeof limitErrors>> {
  if (!form) return [];
  const { template, fragment, lists } = form;
  const filled = (data: unknown): Json =>
    expanded(template, { locale: "en", data, knows: new Set(EXTENSIONS.keys()) });
  if (!fragment) return limitErrors(filled(shown), coerced, lists);
  const joined = asksByData(template.source) ? await joinForm(join, form, viewer) : null;
  const isComplete = joined?.data && joined.missing.length === 0;
  return limitErrors(isComplete ? filled(joined.data) : template.source, coerced, lists);
}
