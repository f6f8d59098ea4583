// What the HTTP framework costs before GraphQL begins: node:http (the floor), Fastify and Express take the same
// request and send the same 2 KB, in one run, in turn, several rounds.
//
//   npx tsx bench/door.ts
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import autocannon from "autocannon";
import express from "express";
import fastify from "fastify";

const ROUNDS = 5;
const SECONDS = 3;
const ANSWER = JSON.stringify({ data: { text: "x".repeat(2000) } });
const BODY = JSON.stringify({
  query: "query Card($id: ID!) { card(id: $id) { id } }",
  variables: { id: "1" },
});

const doors: Record<string, () => Promise<{ port: number; close: () => Promise<unknown> }>> = {
  "node:http": async () => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        JSON.parse(Buffer.concat(chunks).toString("utf8"));
        response.setHeader("content-type", "application/json").end(ANSWER);
      });
    });
    return listening(server);
  },
  fastify: async () => {
    const app = fastify();
    app.post("/graphql", async (_request, reply) => reply.type("application/json").send(ANSWER));
    await app.listen({ port: 0 });
    return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
  },
  express: async () => {
    const app = express();
    app.use(express.json());
    app.post("/graphql", (_request, response) => void response.type("application/json").send(ANSWER));
    return listening(createServer(app));
  },
};

async function listening(server: Server): Promise<{ port: number; close: () => Promise<unknown> }> {
  await new Promise<void>((ready) => server.listen(0, ready));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

const rates: Record<string, number[]> = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, start] of Object.entries(doors)) {
    const door = await start();
    const result = await autocannon({
      url: `http://127.0.0.1:${door.port}/graphql`,
      method: "POST",
      headers: { "content-type": "application/json" },
      body: BODY,
      connections: 32,
      duration: SECONDS,
    });
    (rates[name] ??= []).push(result.requests.average);
    await door.close();
  }
}
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const floor = median(rates["node:http"]!);
for (const [name, values] of Object.entries(rates))
  console.log(
    `${name.padEnd(10)} ${Math.round(median(values))} requests/s, ${(median(values) / floor).toFixed(2)} of node:http`,
  );
