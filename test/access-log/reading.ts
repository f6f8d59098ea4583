// What the tests of access logs have in common: an administrator who reads the log, and somebody who asks for shoes.
import type { Story } from "../support/story.ts";

export const ADMINS: Readonly<Record<string, string>> = {
  mall: "mall:lin",
  brand: "brand:chen",
  supplier: "supplier:wang",
};

const PAGE = `query ($o: ID!, $filter: AccessLogFilter, $after: String, $before: String, $first: Int, $order: AccessLogOrder) {
  accessLog(organization: $o, filter: $filter, after: $after, before: $before, first: $first, order: $order) {
    lines { line } cursor more head { seq hash }
  }
}`;

export interface Asking {
  readonly filter?: object;
  readonly after?: string;
  readonly first?: number;
  readonly order?: "NEWEST_FIRST" | "OLDEST_FIRST";
}

export async function pageOf(story: Story, owner: string, variables: object = { first: 1 }): Promise<any> {
  const { data, errors } = await story.query(ADMINS[owner]!, PAGE, { o: owner, ...variables });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.accessLog;
}

/** All lines from there on, read page by page. */
export async function linesOf(story: Story, owner: string, asking: Asking = {}): Promise<any[]> {
  const { order = "OLDEST_FIRST", first = 100, ...rest } = asking;
  const lines: any[] = [];
  for (let place: object = {}; ;) {
    const page = await pageOf(story, owner, { order, first, ...rest, ...place });
    lines.push(...page.lines.map(({ line }: any) => line));
    if (!page.more) return lines;
    place = order === "OLDEST_FIRST" ? { after: page.cursor } : { before: page.cursor };
  }
}

/** @returns the number of the order, when it has been made */
export async function submitOrder(story: Story, key: string): Promise<string> {
  const { data } = await story.query(
    "brand:guo",
    `mutation ($g: ID!, $k: String!) { act(groupId: $g, verb: "restock.submit", key: $k, input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) { action { id } userErrors { code } } }`,
    { g: story.group, k: key },
  );
  const feed = story.feed("mall:lin");
  await feed.next((event) => event.action?.id === data.act.action.id && event.action.status === "DONE");
  feed.close();
  const [line] = (await linesOf(story, "mall", { filter: { kind: "ACTION_ENDED" } })).filter(
    ({ action }) => action.run === data.act.action.id,
  );
  return line.entities[0].key.id;
}
