// Hive Gateway's runtime on node:http, as its documentation has it for Node. Its variant names the planner: `js`, its
// own default, or `rust`, the handler that `hive-gateway --hive-router-runtime` loads.
// It tells the subgraphs who asks.
import { createServer } from "node:http";
import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { unifiedGraphHandler } from "@graphql-hive/router-runtime";
import { serve } from "../serve.mjs";

let gateway;
let server;

serve({
  async start({ sdl, variant }) {
    gateway = createGatewayRuntime({
      supergraph: sdl,
      logging: "warn",
      landingPage: false,
      propagateHeaders: {
        fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get("authorization") }),
      },
      ...(variant === "rust" && { unifiedGraphHandler }),
    });
    server = createServer((request, response) => void gateway(request, response));
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${server.address().port}/graphql`;
  },
  async close() {
    server?.closeAllConnections();
    await gateway?.[Symbol.asyncDispose]?.();
  },
});
