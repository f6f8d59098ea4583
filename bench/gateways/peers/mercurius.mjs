// Mercurius with its federation gateway and its JIT. It tells the subgraphs who asks.
import { readFileSync } from "node:fs";
import mercuriusGateway from "@mercuriusjs/gateway";
import fastify from "fastify";
import { serve } from "../serve.mjs";

const app = fastify();

serve({
  async start({ subgraphs }) {
    const schemaOf = (name) => readFileSync(new URL(`../schema/${name}.graphql`, import.meta.url), "utf8");
    const services = [...subgraphs].map(([name, url]) => ({
      name,
      url,
      schema: schemaOf(name),
      connections: 32,
      rewriteHeaders: ({ authorization }) => ({ authorization }),
    }));
    await app.register(mercuriusGateway, { gateway: { services }, jit: 1 });
    return `${await app.listen({ host: "127.0.0.1", port: 0 })}/graphql`;
  },
  close: () => app.close(),
});
