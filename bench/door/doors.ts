// The doors that are compared, in a process of their own. Each takes the same POST, parses it, and answers with the
// same ready text; Junto's also looks at who asks, by a signed token.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import fastify from "fastify";
import { buildSchema } from "graphql";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { pino } from "pino";
import type { Answering } from "../../gateway/src/answer.ts";
import { createHttpServer } from "../../gateway/src/http/server.ts";
import { createIdentity, type Identity } from "../../gateway/src/identity/index.ts";
import { createMetrics } from "../../gateway/src/observe/index.ts";
import { serve } from "../child.ts";

export type DoorName = "node:http" | "fastify" | "express" | "junto" | "junto through Apollo Server";

const SDL = "type Query { card(id: ID!): Card } type Card { id: ID! }";
const log = pino({ level: "silent" });
const closing: (() => unknown)[] = [];

const doors: Readonly<Record<DoorName, (answer: string) => Promise<Server>>> = {
  async "node:http"(answer) {
    const length = Buffer.byteLength(answer);
    return createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        JSON.parse(Buffer.concat(chunks).toString("utf8"));
        response.writeHead(200, { "content-type": "application/json", "content-length": length }).end(answer);
      });
    });
  },
  async fastify(answer) {
    const app = fastify();
    app.post("/graphql", async (_request, reply) => reply.type("application/json").send(answer));
    await app.ready();
    return app.server;
  },
  async express(answer) {
    const app = express();
    app.use(express.json());
    app.post("/graphql", (_request, response) => void response.type("application/json").send(answer));
    return createServer(app);
  },
  junto: (answer) => junto(answer, []),
  "junto through Apollo Server": (answer) => junto(answer, [{}]),
};

/** The gateway's own door, before an answer.ts that has the answer ready. */
async function junto(answer: string, plugins: readonly object[]): Promise<Server> {
  const answering = { answer: async () => ({ text: answer, status: 200 }) } as unknown as Answering;
  const app = await createHttpServer({
    shown: { now: () => ({ schema: buildSchema(SDL), sdl: SDL }), onChange: () => () => undefined },
    identity: (await signIn()).identity,
    answering,
    events: { open: () => undefined },
    jwks: () => ({ keys: [] }),
    takeChanges: async () => ({ status: 202, body: {} }),
    health: async () => ({ ok: true }),
    landingPage: () => "",
    metrics: createMetrics(),
    allowedOrigins: [],
    plugins,
    log,
  });
  await app.ready();
  return app.server;
}

let signedIn: Promise<{ readonly identity: Identity; readonly token: string }> | undefined;

/** An issuer with a key, and a token that it signed: who asks is looked at as in a gateway. */
function signIn(): NonNullable<typeof signedIn> {
  return (signedIn ??= (async () => {
    const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "1", alg: "EdDSA" }] });
    const issuer = createServer((_request, response) =>
      response.setHeader("content-type", "application/json").end(keys),
    );
    const { port } = await listening(issuer);
    closing.push(() => issuer.close());
    const address = `http://127.0.0.1:${port}`;
    const identity = createIdentity({
      organizations: [{ id: "mall", issuer: address, jwksUri: address }],
      audience: "junto",
    });
    closing.push(() => identity.close());
    const token = await new SignJWT({ name: "Lin" })
      .setProtectedHeader({ alg: "EdDSA", kid: "1", typ: "JWT" })
      .setIssuer(address)
      .setSubject("lin")
      .setAudience("junto")
      .setExpirationTime("1h")
      .sign(privateKey);
    return { identity, token };
  })());
}

async function listening(server: Server): Promise<AddressInfo> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address() as AddressInfo;
}

const calls = {
  async start({ name, answer }: { readonly name: DoorName; readonly answer: string }) {
    const server = await doors[name](answer);
    closing.push(() => (server.closeAllConnections(), server.close()));
    const { port } = await listening(server);
    return { url: `http://127.0.0.1:${port}/graphql`, token: (await signIn()).token };
  },
  close: async () => void (await Promise.all(closing.map((close) => close()))),
};
export type DoorCalls = typeof calls;
serve(calls);
