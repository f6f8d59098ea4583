// Apollo Gateway behind Apollo Server, stand-alone, as its documentation has it.
import { ApolloGateway } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { serve } from "../serve.mjs";

let server;
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error };

serve({
  async start({ sdl }) {
    const gateway = new ApolloGateway({ supergraphSdl: sdl, logger: quiet });
    server = new ApolloServer({ gateway, introspection: false, logger: quiet });
    const { url } = await startStandaloneServer(server, { listen: { host: "127.0.0.1", port: 0 } });
    return new URL("/", url).href;
  },
  close: () => server?.stop(),
});
