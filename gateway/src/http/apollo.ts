// Apollo Server's pipeline around answer.ts, for those who have plugins in it, and for what comes by GET. Everything
// that guards the door has been done before; whatever Apollo does not take is refused in the words of answer.ts.
import { ApolloServer, HeaderMap, type ApolloServerPlugin } from "@apollo/server";
import type { GatewayInterface } from "@apollo/server-gateway-interface";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import type { IncomingHttpHeaders } from "node:http";
import type { GraphQLSchema } from "graphql";
import type { DoorAnswering, Request, Response } from "../answer.ts";
import type { Log } from "../observe/index.ts";

/** What plugins find as their context value. */
export interface ApolloContext {
  readonly request: Request;
  /** Takes the response: it is sent as it is. (Apollo hands on a copy of the context.) */
  readonly made: { response?: Response };
}

export type Plugin = ApolloServerPlugin<ApolloContext>;

export interface ApolloLane {
  answer(request: Request, headers: IncomingHttpHeaders): Promise<Response>;
  stop(): Promise<void>;
}

/** The graph in force, as Apollo Server and its plugins see it. */
export interface ShownGraph {
  now(): { readonly schema: GraphQLSchema; readonly sdl: string };
  /** Called whenever there is another. @returns what ends that */
  onChange(listener: () => void): () => void;
}

export interface ApolloParts {
  readonly shown: ShownGraph;
  readonly answering: DoorAnswering;
  readonly plugins: readonly Plugin[];
  readonly log: Log;
}

export async function startApollo(parts: ApolloParts): Promise<ApolloLane> {
  const { answering } = parts;
  const apollo = new ApolloServer<ApolloContext>({
    gateway: gatewayOf(parts),
    introspection: true,
    // What is too large is refused first, by answer.ts: validation of a hostile document costs seconds.
    dangerouslyDisableValidation: true,
    csrfPrevention: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: parts.log,
    plugins: [ApolloServerPluginLandingPageDisabled(), ...parts.plugins],
  });
  await apollo.start();
  return {
    async answer(request, headers) {
      const { query, operationName, variables } = request;
      const context: ApolloContext = { request, made: {} };
      await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: "POST",
          search: "",
          headers: headerMap(headers),
          body: { query, operationName, variables },
        },
        context: async () => context,
      });
      return context.made.response ?? answering.answer(request);
    },
    stop: () => apollo.stop(),
  };
}

function gatewayOf({ shown, answering }: ApolloParts): GatewayInterface {
  return {
    load: async () => ({
      executor: async ({ context }) => {
        const { request, made } = context as ApolloContext;
        made.response = await answering.answer(request);
        return { data: null }; // the text goes out as it is, past Apollo's own serialization
      },
    }),
    onSchemaLoadOrUpdate(callback) {
      const show = (): void => {
        const { schema, sdl } = shown.now();
        callback({ apiSchema: schema, coreSupergraphSdl: sdl });
      };
      show();
      return shown.onChange(show);
    },
    stop: async () => undefined,
  };
}

/** What the body is has been settled: Apollo is given it as read. */
function headerMap(headers: IncomingHttpHeaders): HeaderMap {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(", ") : value);
  map.set("content-type", "application/json");
  map.set("accept", "application/json");
  return map;
}
