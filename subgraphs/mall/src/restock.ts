// The actions on restock orders: asking for one, approving it, rejecting it. What is wrong with an input comes
// back as user errors; a person who may not touch the counter gets an error before anything runs.
import { createHash } from "node:crypto";
import * as erp from "./erp.ts";
import type { MallContext } from "./loaders.ts";
import { isKey, restockOf, skuIdOf, styleSizeOf, type RestockOrder } from "./map.ts";

export interface SubmitRestockInput {
  readonly counterId: string;
  readonly lines: readonly { readonly skuId: string; readonly pairs: number }[];
  readonly note?: string | null;
  readonly key: string;
}

export interface UserError {
  readonly field: readonly string[];
  readonly code: string;
  readonly message: string;
}

export interface RestockPayload {
  readonly restockOrder: RestockOrder | null;
  readonly userErrors: readonly UserError[];
}

export async function submitRestock(
  input: SubmitRestockInput,
  context: MallContext,
): Promise<RestockPayload> {
  context.requireSubject("Counter", input.counterId);
  const wrong = wrongIn(input);
  if (wrong.length > 0) return refused(...wrong);

  const db = context.legacy;
  const reference = referenceOf(context.viewer.person, input.key);
  const lines = input.lines.map(({ skuId, pairs }) => ({ ...styleSizeOf(skuId)!, pairs }));
  const [earlier, sold] = await Promise.all([
    erp.restockByReference(db, reference),
    erp.sellable(db, input.counterId, lines),
  ]);
  if (earlier[0]) return repeated(earlier[0], input);
  if (sold === null) return refused(userError(["counterId"], "COUNTER_UNKNOWN", "There is no such counter"));
  const notSold = notSoldIn(input, new Set(sold.map(skuIdOf)));
  if (notSold.length > 0) return refused(...notSold);

  const [made] = await erp.insertRestock(db, {
    counterId: input.counterId,
    person: context.viewer.person,
    note: input.note?.trim() || null,
    reference,
    lines,
  });
  if (made) return done(made);
  // The same input arrived twice at once, and the other one was faster.
  const [faster] = await erp.restockByReference(db, reference);
  return faster ? repeated(faster, input) : refused(DELETED);
}

export function approveRestock(
  input: { readonly id: string },
  context: MallContext,
): Promise<RestockPayload> {
  return decide(input.id, { status: erp.STATUS.approved, reason: null }, context);
}

export async function rejectRestock(
  input: { readonly id: string; readonly reason: string },
  context: MallContext,
): Promise<RestockPayload> {
  const reason = input.reason.trim();
  const wrong = reason ? wrongText("reason", reason) : [userError(["reason"], "REASON_MISSING", "Say why")];
  if (wrong.length > 0) return refused(...wrong);
  return decide(input.id, { status: erp.STATUS.rejected, reason }, context);
}

async function decide(
  id: string,
  decision: { readonly status: "20" | "30"; readonly reason: string | null },
  context: MallContext,
): Promise<RestockPayload> {
  const db = context.legacy;
  const [found] = isKey("RestockOrder", id) ? await erp.restocks(db, [id]) : [];
  const order = found && restockOf(found);
  if (!order || !isInScope(order, context)) return refused(UNKNOWN);
  const [decided] = await erp.decideRestock(db, order, { ...decision, person: context.viewer.person });
  if (decided) return done(decided);
  const [now] = await erp.restocks(db, [id]);
  return now ? { restockOrder: restockOf(now), userErrors: [ALREADY_DECIDED] } : refused(UNKNOWN);
}

/** An order of another counter is treated as one that does not exist. */
function isInScope(order: RestockOrder, context: MallContext): boolean {
  const counters = context.subjectIds("Counter");
  return counters === null || counters.includes(order.counterId);
}

const UNKNOWN: UserError = userError(["id"], "ORDER_UNKNOWN", "There is no such restock order");
const ALREADY_DECIDED: UserError = userError(
  ["id"],
  "ALREADY_DECIDED",
  "The restock order is decided already",
);
const KEY_REUSED: UserError = userError(
  ["key"],
  "KEY_REUSED",
  "The key was used for another counter's order",
);
const DELETED: UserError = userError(["key"], "ORDER_DELETED", "The restock order with this key was deleted");

const MOST_LINES = 200;
const MOST_PAIRS = 999;
/** What the ERP's columns hold. */
const LONGEST_TEXT = 200;

/** What can be said about an input without asking the ERP. */
function wrongIn(input: SubmitRestockInput): UserError[] {
  const errors: UserError[] = [];
  if (!isKey("Counter", input.counterId)) {
    errors.push(userError(["counterId"], "COUNTER_UNKNOWN", "There is no such counter"));
  }
  if (input.key.trim() === "" || input.key.length > 200) {
    errors.push(userError(["key"], "KEY_INVALID", "A key has 1 to 200 characters"));
  }
  if (input.note) errors.push(...wrongText("note", input.note.trim()));
  if (input.lines.length === 0) {
    errors.push(userError(["lines"], "LINES_MISSING", "Ask for at least one pair"));
  }
  if (input.lines.length > MOST_LINES) {
    errors.push(userError(["lines"], "LINES_TOO_MANY", `At most ${MOST_LINES} lines`));
    return errors;
  }
  const seen = new Set<string>();
  for (const [index, { skuId, pairs }] of input.lines.entries()) {
    if (!styleSizeOf(skuId)) errors.push(notSoldHere(index));
    else if (seen.has(skuId)) errors.push(userError(lineField(index, "skuId"), "SKU_TWICE", "Named twice"));
    seen.add(skuId);
    if (pairs < 1 || pairs > MOST_PAIRS) {
      errors.push(userError(lineField(index, "pairs"), "PAIRS_OUT_OF_RANGE", `1 to ${MOST_PAIRS} pairs`));
    }
  }
  return errors;
}

function wrongText(field: "note" | "reason", text: string): UserError[] {
  if (text.includes("\0"))
    return [userError([field], "TEXT_INVALID", "The text has a character that is none")];
  if (Array.from(text).length <= LONGEST_TEXT) return [];
  return [userError([field], "TEXT_TOO_LONG", `At most ${LONGEST_TEXT} characters`)];
}

function notSoldIn(input: SubmitRestockInput, sold: ReadonlySet<string>): UserError[] {
  return input.lines.flatMap(({ skuId }, index) => (sold.has(skuId) ? [] : [notSoldHere(index)]));
}

function notSoldHere(index: number): UserError {
  return userError(lineField(index, "skuId"), "SKU_NOT_SOLD", "The counter does not sell this size");
}

function lineField(index: number, field: string): string[] {
  return ["lines", String(index), field];
}

function userError(field: readonly string[], code: string, message: string): UserError {
  return { field, code, message };
}

function refused(...userErrors: UserError[]): RestockPayload {
  return { restockOrder: null, userErrors };
}

function done(row: erp.RestockRow): RestockPayload {
  return { restockOrder: restockOf(row), userErrors: [] };
}

function repeated(row: erp.RestockRow, input: SubmitRestockInput): RestockPayload {
  const order = restockOf(row);
  return order.counterId === input.counterId ? { restockOrder: order, userErrors: [] } : refused(KEY_REUSED);
}

/** One person's keys say nothing about another's. 43 characters. */
function referenceOf(person: string, key: string): string {
  return createHash("sha256")
    .update(JSON.stringify([person, key]))
    .digest("base64url");
}
