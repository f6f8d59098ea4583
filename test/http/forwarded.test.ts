// Headers of a client's request that may go along to a subgraph: those that are listed, from the headers alone.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Request } from "../../gateway/src/answer.ts";
import { startDoors, type Doors } from "../security/doors.ts";
import { EVERYTHING, startShop } from "../security/shop.ts";
import type { TestGraph } from "../support/graph.ts";

let graph: TestGraph;
let doors: Doors;
let seen: Request[] = [];
beforeAll(async () => {
  graph = await startShop({ everything: EVERYTHING });
  doors = await startDoors(graph, {
    forwarded: ["accept-language", "x-trace"],
    answering: {
      ...graph.answering,
      answer: (request) => (seen.push(request), graph.answering.answer(request)),
    },
  });
});
beforeEach(() => (seen = []));
afterAll(async () => {
  await doors.close();
  await graph.close();
});

const query = { query: "{ own }" };

it("those that are listed go along, by whatever case they came, and no others", async () => {
  await doors.post(JSON.stringify(query), {
    "Accept-Language": "zh-CN",
    cookie: "canary=1",
    "x-other": "canary",
  });
  expect(seen.map(({ headers }) => headers)).toEqual([{ "accept-language": "zh-CN" }]);
});

it("what a body calls headers is none", async () => {
  const headers = { "x-trace": "canary", authorization: "canary" };
  await doors.post(JSON.stringify({ ...query, headers, extensions: { headers } }), {
    "x-trace": "1",
    "accept-language": "en",
  });
  expect(seen.map((request) => request.headers)).toEqual([{ "x-trace": "1", "accept-language": "en" }]);
});

it("a message on a socket has none", async () => {
  await doors.overSocket(query);
  expect(seen).toHaveLength(1);
  expect(seen[0]!.headers).toBeUndefined();
});
