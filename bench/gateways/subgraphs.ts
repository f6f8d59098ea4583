// The four subgraphs, in one process, each on a port of its own. GraphQL is executed the first time that a request is
// seen; from then on its answer is looked up by the bytes of the body, with a distinct key in it replaced.
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { graphql, parse, type GraphQLSchema } from "graphql";
import { serve } from "../child.ts";
import { DISTINCT_KEY, RESOLVERS } from "./data.ts";
import { jsonResponse, readMessages } from "./wire.ts";

export const SUBGRAPHS = ["accounts", "products", "inventory", "reviews"] as const;
export type SubgraphName = (typeof SUBGRAPHS)[number];

export interface Recorded {
  readonly subgraph: SubgraphName;
  readonly body: string;
}

/** Stands in a text where a distinct key was. */
const HOLE = "\u0000";
/** Milliseconds for which answers are held back while recording: what arrives meanwhile was sent side by side. */
const HELD_BACK = 100;

const servers: Server[] = [];
const sockets = new Set<Socket>();
let requests = 0;
/** What is recorded: requests that were under way together, in order. */
let waves: Recorded[][] | undefined;
let answersUntil = 0;

/** Answers with text; where the request had a distinct key, so has the answer. */
function createAnswers(schema: GraphQLSchema): (body: string) => Promise<Buffer> | Buffer {
  const known = new Map<string, Buffer | readonly string[]>();
  const execute = async (body: string): Promise<string> => {
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const result = await graphql({ schema, source: query, variableValues: variables ?? {} });
    if (result.errors) throw new Error(`${result.errors.join("; ")} in ${body.slice(0, 500)}`);
    return JSON.stringify(result);
  };
  return (body) => {
    const key = DISTINCT_KEY.exec(body)?.[0];
    const template = key === undefined ? body : body.replaceAll(key, HOLE);
    const found = known.get(template);
    if (found) return Buffer.isBuffer(found) ? found : jsonResponse(found.join(key));
    return execute(body).then((text) => {
      known.set(template, key === undefined ? jsonResponse(text) : text.split(key));
      return jsonResponse(text);
    });
  };
}

function record(subgraph: SubgraphName, body: string): Promise<unknown> {
  const now = performance.now();
  if (now >= answersUntil || !waves!.length) {
    waves!.push([]);
    answersUntil = now + HELD_BACK;
  }
  waves!.at(-1)!.push({ subgraph, body });
  return delay(answersUntil - now);
}

async function listen(subgraph: SubgraphName): Promise<string> {
  const typeDefs = parse(readFileSync(new URL(`schema/${subgraph}.graphql`, import.meta.url), "utf8"));
  const answer = createAnswers(buildSubgraphSchema([{ typeDefs, resolvers: RESOLVERS[subgraph] as never }]));
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    readMessages(socket, ({ body }) => {
      const text = body.toString("utf8");
      requests += 1;
      const held = waves && record(subgraph, text);
      const answered = answer(text);
      if (Buffer.isBuffer(answered) && !held) socket.write(answered);
      else
        Promise.all([answered, held]).then(
          ([bytes]) => socket.write(bytes),
          (error: unknown) => {
            console.error(error);
            socket.destroy();
          },
        );
    });
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const calls = {
  /** @returns their addresses */
  async start(): Promise<ReadonlyMap<SubgraphName, string>> {
    const urls = new Map<SubgraphName, string>();
    for (const name of SUBGRAPHS) urls.set(name, await listen(name));
    return urls;
  },
  /** Requests since the start. */
  requests: (): number => requests,
  record(): void {
    waves = [];
  },
  /** What was asked since `record`: requests of one wave were under way together. */
  recorded(): readonly (readonly Recorded[])[] {
    const recorded = waves ?? [];
    waves = undefined;
    return recorded;
  },
  close(): void {
    for (const server of servers) server.close();
    for (const socket of sockets) socket.destroy();
  },
};
export type SubgraphCalls = typeof calls;
serve(calls);
