// A subgraph for tests of the engine: a real HTTP server over a schema and resolvers, which records what it is asked.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { execute, parse, type GraphQLFieldResolver, type GraphQLSchema } from "graphql";

export interface TestSubgraph {
  readonly url: string;
  readonly schema: GraphQLSchema;
  readonly server: Server;
  /** What it was asked, the oldest first. */
  readonly requests: { readonly query: string; readonly variables: Record<string, unknown> }[];
  /** Set: the body that it answers, whatever it is asked. */
  says: string | null;
  close(): Promise<void>;
}

export interface TestSubgraphSource {
  /** The whole text: with its `@link` to federation 2, or without any, which is federation 1. */
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Resolves what has no resolver of its own. */
  readonly fieldResolver?: GraphQLFieldResolver<unknown, unknown>;
  /** Set: what it answers, whatever it is asked. */
  readonly says?: { readonly status: number; readonly body: string };
}

/** The link of subgraphs that need no other directives than these. */
export const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@policy", "@requires", "@external", "@shareable", "@provides", "@inaccessible"])\n`;

export async function startGraphQL(source: TestSubgraphSource): Promise<TestSubgraph> {
  const { sdl, resolvers, fieldResolver } = source;
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  const requests: TestSubgraph["requests"] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { query, variables } = JSON.parse(
        Buffer.concat(chunks).toString("utf8"),
      ) as TestSubgraph["requests"][number];
      requests.push({ query, variables });
      if (subgraph.says !== null) return void response.end(subgraph.says);
      if (source.says) return void response.writeHead(source.says.status).end(source.says.body);
      void Promise.resolve(
        execute({
          schema,
          document: parse(query),
          variableValues: variables,
          ...(fieldResolver && { fieldResolver }),
        }),
      ).then((result) => response.setHeader("content-type", "application/json").end(JSON.stringify(result)));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const subgraph: TestSubgraph = {
    says: null,
    schema,
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return subgraph;
}
