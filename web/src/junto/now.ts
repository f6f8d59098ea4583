// Follows what is told as it is now, and has no cursor: after an interruption the newest state comes again.
import type { TypedDocumentString } from "../generated/graphql.ts";
import type { Connection } from "./connection.ts";
import type { FeedState } from "./feed-states.ts";
import { live, signalOf, type Life } from "./life.ts";

export interface NowOptions<Result, Variables> {
  readonly connection: Pick<Connection, "follow" | "renew">;
  readonly document: TypedDocumentString<Result, Variables>;
  readonly variables: Variables;
  onNow(result: Result): void;
  onState(state: FeedState): void;
  readonly whenOnline?: ((listener: () => void) => () => void) | undefined;
}

export function followNow<Result, Variables>(options: NowOptions<Result, Variables>): Life {
  const { connection, document, variables, onNow, onState, whenOnline } = options;
  return live({
    connection,
    start: "connecting",
    follow(signal) {
      let wanted = true;
      const end = connection.follow(document, variables, {
        connected: () => signal("CONNECTED"),
        next: (result) => wanted && onNow(result),
        ended: (problem) => signal(signalOf(problem)),
      });
      return () => {
        wanted = false;
        end();
      };
    },
    onState,
    ...(whenOnline && { whenOnline }),
  });
}
