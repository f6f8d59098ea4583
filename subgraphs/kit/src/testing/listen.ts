// The HTTP server of the test gateway. It can be closed, and opened again at the same address.
import type { AddressInfo } from "node:net";
import Fastify from "fastify";

export type Receive = (
  body: string,
  authorization: string | undefined,
) => Promise<{ readonly status: number; readonly body: object }>;

export async function listen(
  routes: { readonly jwks: () => object; readonly receive: Receive },
  port: number,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const app = Fastify({ forceCloseConnections: true });
  app.addContentTypeParser(
    "application/cloudevents-batch+json",
    { parseAs: "string" },
    (_request, body, done) => done(null, body),
  );
  app.get("/.well-known/jwks.json", routes.jwks);
  app.post<{ Body: string }>("/changes", async ({ body, headers }, reply) => {
    const answer = await routes.receive(body, headers.authorization);
    return reply.code(answer.status).send(answer.body);
  });
  await app.listen({ host: "127.0.0.1", port });
  return {
    port: (app.server.address() as AddressInfo).port,
    close: () => app.close(),
  };
}
