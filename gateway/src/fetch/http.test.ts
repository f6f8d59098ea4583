// The fetch port over HTTP, against a real server that misbehaves in the ways servers do.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createBreaker } from "./breaker.ts";
import { dedupe } from "./dedupe.ts";
import { createHttpSubgraph, type HttpSubgraph } from "./http.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function subgraph(
  handler: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  deadline = 2000,
): Promise<HttpSubgraph & { count: () => number }> {
  let count = 0;
  const server = createServer((request, response) => handler(request, response, ++count));
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const client = createHttpSubgraph({
    name: "brand",
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    deadline,
    maxBody: 10_000,
  });
  closing.push(
    () => client.close(),
    () => (server.closeAllConnections(), server.close()),
  );
  return { ...client, count: () => count };
}

const query = { operationKind: "query", operation: "{ a }", variables: {}, headers: {} } as const;
const mutation = { ...query, operationKind: "mutation" } as const;

describe("a subgraph over HTTP", () => {
  it("gets operation, variables and headers, and its answer is given as it is", async () => {
    let seen: unknown;
    const client = await subgraph((request, response) => {
      request.on(
        "data",
        (chunk: Buffer) =>
          (seen = { ...(JSON.parse(chunk.toString()) as object), auth: request.headers.authorization }),
      );
      request.on("end", () => response.end(`{"data":{"a":1},"errors":[{"message":"b is away"}]}`));
    });
    expect(
      await client.send({ ...query, variables: { x: 1 }, headers: { authorization: "Bearer t" } }),
    ).toEqual({ data: { a: 1 }, errors: [{ message: "b is away" }] });
    expect(seen).toEqual({ query: "{ a }", variables: { x: 1 }, auth: "Bearer t" });
  });

  it.each([
    ["HTML", (response: ServerResponse) => response.end("<html>Bad gateway</html>"), /not JSON/],
    ["JSON that is not GraphQL", (response: ServerResponse) => response.end("[1]"), /not GraphQL/],
    [
      "too much",
      (response: ServerResponse) => response.end(`{"data":"${"x".repeat(20_000)}"}`),
      /did not answer/,
    ],
    [
      "half an answer",
      (response: ServerResponse) => (
        response.writeHead(200, { "content-length": "100" }),
        response.write("{"),
        response.destroy()
      ),
      /did not answer/,
    ],
  ])("that answers %s is away", async (_what, answer, message) => {
    const client = await subgraph((_request, response) => void answer(response));
    await expect(client.send(mutation)).rejects.toMatchObject({
      code: "SUBGRAPH_AWAY",
      message: expect.stringMatching(message) as unknown,
    });
  });

  it("that does not answer in time is away", async () => {
    const client = await subgraph(() => undefined, 50);
    await expect(client.send(query)).rejects.toMatchObject({ code: "SUBGRAPH_AWAY" });
  });

  it("whose connection breaks is asked again for a read, and never for a write", async () => {
    const client = await subgraph((request, response, count) =>
      count % 2 === 1 ? request.socket.destroy() : response.end(`{"data":{}}`),
    );
    expect(await client.send(query)).toEqual({ data: {} });
    await expect(client.send(mutation)).rejects.toMatchObject({ code: "SUBGRAPH_AWAY" });
    expect(client.count()).toBe(3);
  });

  it("that fails time and again is left alone, until its health check is good", async () => {
    let well = false;
    const client = await subgraph((request, response) => {
      if (request.url === "/health")
        response.end(well ? `{"status":"ok","legacy":"ok"}` : `{"status":"degraded","legacy":"away"}`);
      else response.end(well ? `{"data":{}}` : "no");
    });
    for (let n = 0; n < 5; n++) await expect(client.send(query)).rejects.toThrow();
    const asked = client.count();
    await expect(client.send(query)).rejects.toMatchObject({
      message: expect.stringMatching(/is not asked/) as unknown,
    });
    expect(client.count()).toBe(asked);
    expect(await client.healthy()).toBe(false);
    well = true;
    expect(await client.healthy()).toBe(true);
    expect(await client.send(query)).toEqual({ data: {} });
  });
});

it("a breaker lets one try through in a pause, and closes when it is good", () => {
  let now = 0;
  const breaker = createBreaker(() => now);
  for (let n = 0; n < 5; n++) breaker.failed();
  expect(breaker.allows()).toBe(false);
  now += 1001;
  expect([breaker.allows(), breaker.allows()]).toEqual([true, false]);
  breaker.succeeded();
  expect([breaker.allows(), breaker.allows()]).toEqual([true, true]);
});

describe("equal reads in flight", () => {
  const setup = () => {
    const sent: string[] = [];
    let release!: () => void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const send = dedupe<string>(
      async (request) => {
        sent.push(request.context);
        await gate;
        return { data: { for: request.context } };
      },
      ({ context }) => (context === "alone" ? null : context),
    );
    const ask = (context: string, over: object = {}) =>
      send({
        subgraph: "brand",
        operationKind: "query",
        operation: "{ a }",
        variables: {},
        context,
        ...over,
      });
    return { sent, release, ask };
  };

  it("are one request within an audience, and every asker has an answer of its own", async () => {
    const { sent, release, ask } = setup();
    const both = [ask("guides"), ask("guides")];
    release();
    const [one, two] = await Promise.all(both);
    expect(sent).toEqual(["guides"]);
    expect(one).toEqual(two);
    expect(one!.data).not.toBe(two!.data);
  });

  it("are never joined across audiences, subgraphs, variables, or for writes", async () => {
    const { sent, release, ask } = setup();
    const all = [
      ask("guides"),
      ask("buyers"),
      ask("guides", { subgraph: "mall" }),
      ask("guides", { variables: { x: 1 } }),
      ask("guides", { operationKind: "mutation" }),
      ask("alone"),
      ask("alone"),
    ];
    release();
    expect((await Promise.all(all)).map(({ data }) => data)).toEqual(
      ["guides", "buyers", "guides", "guides", "guides", "alone", "alone"].map((each) => ({ for: each })),
    );
    expect(sent).toHaveLength(7);
  });
});
