// People of the story as the benchmark needs them: they sign in, and the guide asks for 12 pairs.
import { setTimeout as delay } from "node:timers/promises";

const SUBMIT = `mutation ($group: ID!) {
  act(groupId: $group, verb: "restock.submit", key: "bench", input: { lines: [{ skuId: "BL2481-38", pairs: 12 }] }) {
    userErrors { code message }
  }
}`;
const CARDS = `query ($group: ID!) { group(id: $group) { head cards(first: 10) { type about { key } } } }`;

interface Found {
  readonly data: {
    readonly group: {
      readonly head: number;
      readonly cards: readonly { readonly type: string; readonly about: { readonly key: { id: string } } }[];
    };
  };
}

export async function signIn(issuers: string, person: string): Promise<string> {
  const [organization, name] = person.split(":");
  const answer = await post(`${issuers}/${organization}/token`, { person: name });
  return (answer as { access_token: string }).access_token;
}

/** @returns the order whose card is in the group's feed now, and where the feed is */
export async function orderCard(
  gateway: string,
  group: string,
  guide: string,
): Promise<{ readonly order: string; readonly head: number }> {
  const ask = (query: string): Promise<unknown> =>
    post(`${gateway}/graphql`, { query, variables: { group } }, { authorization: `Bearer ${guide}` });
  const submitted = JSON.stringify(await ask(SUBMIT));
  if (!submitted.includes('"userErrors":[]')) throw new Error(`No order: ${submitted}`);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const { group: found } = ((await ask(CARDS)) as Found).data;
    const card = found.cards.find(({ type }) => type === "restock.order");
    if (card) return { order: card.about.key.id, head: found.head };
    await delay(50);
  }
  throw new Error("The order's card did not come");
}

export async function post(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
