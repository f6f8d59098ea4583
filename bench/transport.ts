// What a request to a subgraph costs the gateway: CPU per request under load, of undici's own ways and of the
// gateway's, against a server in a process of its own. Interleaved rounds; medians.
//
//   npx tsx --conditions=@junto/source bench/transport.ts
import { fork } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Pool, request as undiciRequest, Agent } from "undici";
import { createStopper, type StopSignal } from "../gateway/src/cancel/stopper.ts";
import { dedupe } from "../gateway/src/fetch/dedupe.ts";
import { createHttpSubgraph } from "../gateway/src/fetch/http.ts";

const ROUNDS = 7;
const REQUESTS = 5_000;
const AT_ONCE = 32;
const ANSWER = JSON.stringify({ data: { order: { id: "1", note: "x".repeat(600) } } });
const OPERATION = "query ($id: ID!) { order(id: $id) { id note } }";
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const TOKEN = `Bearer ${"t".repeat(500)}`;

if (process.argv[2] === "server") {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("content-type", "application/json").end(ANSWER));
  });
  server.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));
} else {
  await measure();
}

interface Way {
  readonly name: string;
  readonly send: (body: string) => Promise<unknown>;
}

async function measure(): Promise<void> {
  const server = fork(new URL(import.meta.url), ["server"]);
  const port = await new Promise<number>((ready) =>
    server.once("message", (message) => ready(message as number)),
  );
  const origin = `http://127.0.0.1:${port}`;
  const { ways, close } = openWays(origin);
  const cost = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let round = -1; round < ROUNDS; round++)
    // Begun elsewhere each round, with what the way before left behind cleared away: it is not this one's cost.
    for (const way of [...ways.slice(round + 1), ...ways.slice(0, round + 1)]) {
      collectGarbage();
      const microseconds = await load(way);
      if (round >= 0) cost.get(way.name)!.push(microseconds); // the first one warms up
    }
  const floor = median(cost.get("bare dispatch, parsed")!);
  for (const [name, all] of cost)
    console.log(
      `${name.padEnd(42)} ${median(all).toFixed(1).padStart(6)} µs  ${(median(all) / floor).toFixed(2).padStart(5)}`,
    );
  await close();
  server.kill();
}

function openWays(origin: string): { ways: readonly Way[]; close: () => Promise<unknown> } {
  const headers = { "content-type": "application/json", accept: "application/json", authorization: TOKEN };
  const flat = Object.entries(headers).flat();
  const pool = new Pool(origin, { connections: AT_ONCE, pipelining: 1 });
  const agent = new Agent({ connections: AT_ONCE });
  const junto = createHttpSubgraph({ name: "mall", url: `${origin}/graphql` });
  const send = (body: string, signal?: StopSignal) =>
    junto.send({
      operationKind: "query",
      body,
      headers: { authorization: TOKEN },
      ...(signal && { signal }),
    });
  const shared = dedupe<null>(
    ({ body }, signal) => send(body, signal),
    () => "audience",
  );
  const ask = (body: string, signal?: StopSignal) =>
    shared(
      {
        ...{ subgraph: "mall", operationKind: "query", operation: OPERATION, digest: "", variables: "{}" },
        ...{ body, context: null },
      },
      signal,
    );
  // One client's request asks some subgraphs, and all of them listen to its signal.
  let asked = 0;
  let leaving = createStopper();
  const signalOf = (): StopSignal => {
    if (asked++ % 3 === 0) leaving = createStopper();
    return leaving.signal;
  };
  const ways: Way[] = [
    { name: "bare dispatch, parsed", send: (body) => dispatch(pool, flat, body) },
    {
      name: "Pool.request, body.json()",
      async send(body) {
        const response = await pool.request({ method: "POST", path: "/graphql", headers, body });
        return response.body.json();
      },
    },
    {
      name: "the same, AbortSignal.timeout",
      async send(body) {
        const signal = AbortSignal.timeout(5_000);
        const response = await pool.request({ method: "POST", path: "/graphql", headers, body, signal });
        return response.body.json();
      },
    },
    {
      name: "undici.request",
      async send(body) {
        const url = `${origin}/graphql`;
        const response = await undiciRequest(url, { method: "POST", headers, body, dispatcher: agent });
        return response.body.json();
      },
    },
    { name: "Junto: send", send: (body) => send(body) },
    { name: "Junto: send that can be stopped", send: (body) => send(body, signalOf()) },
    { name: "Junto: send, deduplicated", send: (body) => ask(body) },
    { name: "Junto: both", send: (body) => ask(body, signalOf()) },
  ];
  return { ways, close: () => Promise.all([pool.destroy(), agent.destroy(), junto.close()]) };
}

/** The least that undici can do. */
function dispatch(pool: Pool, headers: string[], body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pool.dispatch(
      { method: "POST", path: "/graphql", headers, body },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData: (_controller, chunk) => void chunks.push(chunk),
        onResponseEnd: () => resolve(JSON.parse(Buffer.concat(chunks).toString())),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

/** Microseconds of CPU for each request. No two requests are equal. */
async function load({ send }: Way): Promise<number> {
  let left = REQUESTS;
  const before = process.cpuUsage();
  const worker = async (): Promise<void> => {
    while (left-- > 0)
      await send(JSON.stringify({ query: OPERATION, variables: { id: String(left), pad: "y".repeat(200) } }));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
