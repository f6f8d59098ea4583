// What is going on in the demo's second group when somebody looks at it first: something was said, and something waits
// for the manager. Its people say and do it as they would, over the public API.
import type { Connection } from "../connection.ts";
import { failure } from "../errors.ts";
import { describeUserError, type UserError } from "../draw/feed.ts";
import { ACT, SAY } from "../operations.ts";
import { connectAs, type DemoGroupOptions } from "./group.ts";
import { SECOND_GROUP } from "./people.ts";

const SHELF = /* GraphQL */ `
  query Shelf($counter: ID!) {
    counter(id: $counter) {
      products(first: 10) {
        id
        skus {
          id
          size
          sold
        }
      }
    }
  }
`;

interface Shelf {
  readonly counter: { readonly products: readonly Product[] | null } | null;
}

interface Product {
  readonly id: string;
  readonly skus: readonly Sku[] | null;
}

interface Sku {
  readonly id: string;
  readonly size: string;
  readonly sold: number | null;
}

const PAIRS = 8;

/** @param group id of the second group */
export async function beginGoingOn(options: DemoGroupOptions, group: string): Promise<void> {
  const [guide, buyer] = [connectAs("brand:hu", options), connectAs("brand:chen", options)];
  const { product, sku } = await bestSeller(guide, group);
  await send(guide, group, SAY, {
    text: `周末 ${product.id} 卖得快，${sku.size} 码快断了，先补 ${PAIRS} 双。`,
    key: "demo-said",
  });
  const input = { lines: [{ skuId: sku.id, pairs: PAIRS }], note: "周末前要到货" };
  await send(guide, group, ACT, { verb: "restock.submit", input, key: "demo-asked" });
  await send(buyer, group, SAY, {
    text: "If it is approved today, it is here by Friday.",
    key: "demo-answered",
  });
}

/** The shoe and the size of which most was sold at the counter. */
async function bestSeller(guide: Connection, group: string): Promise<{ product: Product; sku: Sku }> {
  const { counter } = await guide.ask<Shelf>(SHELF, { counter: SECOND_GROUP.subjectId }, group);
  const all = (counter?.products ?? []).flatMap((product) =>
    (product.skus ?? []).map((sku) => ({ product, sku })),
  );
  const [best] = all.toSorted((a, b) => (b.sku.sold ?? 0) - (a.sku.sold ?? 0));
  if (best === undefined) throw failure(`${SECOND_GROUP.name} has nothing on its shelf now.`);
  return best;
}

async function send(
  connection: Connection,
  group: string,
  mutation: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<void> {
  const data = await connection.ask<Record<string, { readonly userErrors: readonly UserError[] }>>(
    mutation,
    { group, ...variables },
    group,
  );
  const errors = Object.values(data).flatMap(({ userErrors }) => userErrors);
  if (errors.length > 0) throw failure(errors.map(describeUserError).join("; "));
}
