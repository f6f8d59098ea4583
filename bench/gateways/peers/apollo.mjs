// Apollo Gateway behind Apollo Server, stand-alone, as its documentation has it. It tells the subgraphs who asks.
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { serve } from "../serve.mjs";

let server;
const logger = { debug() {}, info() {}, warn: console.error, error: console.error };

serve({
  async start({ sdl }) {
    const willSendRequest = ({ request, context }) => {
      if (context.authorization) request.http.headers.set("authorization", context.authorization);
    };
    const gateway = new ApolloGateway({
      supergraphSdl: sdl,
      logger,
      buildService: ({ url }) => new RemoteGraphQLDataSource({ url, willSendRequest }),
    });
    server = new ApolloServer({ gateway, introspection: false, logger });
    const { url } = await startStandaloneServer(server, {
      listen: { host: "127.0.0.1", port: 0 },
      context: async ({ req }) => ({ authorization: req.headers.authorization }),
    });
    return url;
  },
  close: () => server?.stop(),
});
