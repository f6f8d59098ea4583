// The one action on IMS: a purchase order for a counter. Sent twice with one key, it orders once.
import { createHash } from "node:crypto";
import { isRestockOrderId, skuParts } from "./codes.ts";
import { ImsFault } from "./connection.ts";
import type { BrandContext } from "./entities.ts";
import type { OrderLine, PurchaseOrder } from "./ims.ts";

export interface PlacePurchaseOrderInput {
  readonly restockOrderId: string;
  readonly counterId: string;
  readonly lines: readonly OrderLine[];
  readonly key: string;
}

interface UserError {
  readonly field: readonly string[];
  readonly code: string;
  readonly message: string;
}

export interface PurchaseOrderPayload {
  readonly purchaseOrder: PurchaseOrder | null;
  readonly userErrors: readonly UserError[];
}

const MOST_LINES = 200;
const MOST_PAIRS = 999;
const LONGEST_KEY = 200;

/** Throws `FORBIDDEN` for a counter that the request is not about, before anything is asked of IMS. */
export async function placePurchaseOrder(
  input: PlacePurchaseOrderInput,
  context: BrandContext,
): Promise<PurchaseOrderPayload> {
  context.requireSubject("Counter", input.counterId);
  const wrong = wrongIn(input);
  if (wrong.length > 0) return refused(...wrong);
  const unknown = await unknownSkus(input, context);
  if (unknown.length > 0) return refused(...unknown);
  const placed = await create(input, context);
  if (typeof placed !== "string") return refused(placed);
  return { purchaseOrder: await context.load<PurchaseOrder>("PurchaseOrder", placed), userErrors: [] };
}

/** The number of the order, or what is wrong with it in the eyes of IMS. */
async function create(input: PlacePurchaseOrderInput, context: BrandContext): Promise<string | UserError> {
  const { restockOrderId, counterId, lines, key } = input;
  const request = requestOf(context.viewer.person, key);
  try {
    return await context.legacy.createOrder({ restockOrderId, counterId, lines, request }, context.signal);
  } catch (error) {
    const known = error instanceof ImsFault ? FAULTS[error.fault] : undefined;
    if (known) return known;
    throw error;
  }
}

/** What keeps a repetition from being a second order; one person's key means nothing to another's. */
function requestOf(person: string, key: string): string {
  return createHash("sha256")
    .update(JSON.stringify([person, key]))
    .digest("hex")
    .slice(0, 40);
}

const FAULTS: Readonly<Record<string, UserError>> = {
  "IMS-0404": userError(["lines"], "SKU_UNKNOWN", "A size is no longer made"),
  "IMS-0409": userError(["key"], "KEY_REUSED", "The key was used for another order"),
  "IMS-0410": userError(["restockOrderId"], "ORDER_EXISTS", "There is a purchase order for it already"),
};

/** What can be said about an input without asking IMS. */
function wrongIn({ restockOrderId, counterId, lines, key }: PlacePurchaseOrderInput): UserError[] {
  const errors: UserError[] = [];
  if (!isRestockOrderId(restockOrderId)) {
    errors.push(userError(["restockOrderId"], "RESTOCK_ORDER_INVALID", "This is no restock order's number"));
  }
  if (!/^\d{3}$/.test(counterId)) {
    errors.push(userError(["counterId"], "COUNTER_UNKNOWN", "There is no such counter"));
  }
  if (key.trim() === "" || key.length > LONGEST_KEY) {
    errors.push(userError(["key"], "KEY_INVALID", `A key has 1 to ${LONGEST_KEY} characters`));
  }
  if (lines.length === 0) errors.push(userError(["lines"], "LINES_MISSING", "Order at least one pair"));
  if (lines.length > MOST_LINES) {
    errors.push(userError(["lines"], "LINES_TOO_MANY", `At most ${MOST_LINES} lines`));
    return errors;
  }
  return [...errors, ...wrongInLines(lines)];
}

function wrongInLines(lines: readonly OrderLine[]): UserError[] {
  const seen = new Set<string>();
  return lines.flatMap(({ skuId, pairs }, index) => {
    const errors: UserError[] = [];
    if (!skuParts(skuId)) errors.push(noSuchSku(index));
    else if (seen.has(skuId)) errors.push(userError(lineField(index, "skuId"), "SKU_TWICE", "Named twice"));
    seen.add(skuId);
    if (pairs < 1 || pairs > MOST_PAIRS) {
      errors.push(userError(lineField(index, "pairs"), "PAIRS_OUT_OF_RANGE", `1 to ${MOST_PAIRS} pairs`));
    }
    return errors;
  });
}

async function unknownSkus({ lines }: PlacePurchaseOrderInput, context: BrandContext): Promise<UserError[]> {
  const skus = await Promise.all(lines.map(({ skuId }) => context.load("Sku", skuId)));
  return skus.flatMap((sku, index) => (sku === null ? [noSuchSku(index)] : []));
}

function noSuchSku(index: number): UserError {
  return userError(lineField(index, "skuId"), "SKU_UNKNOWN", "There is no such size of a product");
}

function lineField(index: number, name: string): readonly string[] {
  return ["lines", String(index), name];
}

function userError(field: readonly string[], code: string, message: string): UserError {
  return { field, code, message };
}

function refused(...userErrors: readonly UserError[]): PurchaseOrderPayload {
  return { purchaseOrder: null, userErrors };
}
