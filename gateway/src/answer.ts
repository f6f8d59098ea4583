// The story of a request: the operation, who asks and in which group, what they may see of it, how it is fetched,
// and the text of the response. Every door ends here.
import { personViewer, type Viewer, type ViewerGroup } from "./access/viewer.ts";
import type { Engine } from "./execute/engine.ts";
import type { StopSignal } from "./cancel/stopper.ts";
import { CATALOGUE, JuntoError } from "./errors/index.ts";
import type { Person } from "./identity/index.ts";
import type { Log } from "./observe/index.ts";
import type { GroupOf } from "./operation/group.ts";
import type { Operation, Operations } from "./operation/prepare.ts";
import { requestErrors } from "./shape/errors.ts";
import { createRespond, type Respond, type ResponseParts } from "./shape/response.ts";

export interface Request {
  /** null: nobody signed in. */
  readonly person: Person | null;
  /** The text of the operation, unless something else names it. */
  readonly query?: string | null;
  /** Names a trusted document. */
  readonly documentId?: string | null;
  /** `persistedQuery` names an operation by its hash. */
  readonly extensions?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  /** The group in which the operation is made, when the request names one beside the operation. */
  readonly group?: string | undefined;
  /** It came by a method that must change nothing (GET). */
  readonly readOnly?: boolean | undefined;
  /** The name of the event of a feed that the client had last, where its door tells names (push/event-name.ts). */
  readonly lastEvent?: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: StopSignal | undefined;
  /** Of the request's headers those that some subgraph may get. Names in small letters. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A whole GraphQL response, ready to be sent. */
export interface Response {
  readonly text: string;
  /** HTTP status by GraphQL over HTTP. */
  readonly status: number;
}

/** A request that is understood: valid, with its variables, for someone. */
export interface Understood {
  readonly operation: Operation;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly viewer: Viewer;
}

export interface AnswerParts extends ResponseParts {
  readonly operations: Operations;
  readonly groupOf: GroupOf;
  /** Those that the graph asks for. */
  readonly scopes: ReadonlySet<string>;
  /** The person's place in a group; null when there is no such group for them. */
  readonly membership: (person: Person, group: string) => Promise<ViewerGroup | null>;
  readonly engine: Engine;
}

export interface Answering {
  answer(request: Request): Promise<Response>;
  /** What kind of operation a request holds. @throws JuntoError when it is not valid. */
  kindOf(request: Request): Operation["kind"];
  /** The first half: everything before anyone is asked. @throws JuntoError */
  understand(request: Request): Promise<Understood>;
  /** The last step: a joined result as text. */
  readonly respond: Respond;
}

/** Milliseconds for which the rights hold that a request was begun with. */
const GOOD_FOR = 1_000;

/** What a door needs of it. The other halves are for who holds the graph in which something was understood. */
export type DoorAnswering = Pick<Answering, "answer" | "kindOf">;

export function createAnswering(parts: AnswerParts): Answering {
  const respond = createRespond(parts);

  async function answer(request: Request): Promise<Response> {
    try {
      const { operation, variables, viewer } = await understand(request);
      const began = performance.now();
      if (operation.kind === "subscription")
        throw new JuntoError(
          "BAD_REQUEST",
          "A subscription is made over WebSocket (graphql-transport-ws), or with accept: text/event-stream.",
        );
      const { headers, signal } = request;
      const joined = await parts.engine.join(operation, variables, { viewer, headers, signal });
      // I8: what took its time is not shown to who may not see it any more. What a mutation has done is done.
      const isOld = operation.kind === "query" && performance.now() - began > GOOD_FOR;
      if (isOld && !(await isStill(viewer))) return answer(request);
      return { text: respond(joined), status: 200 };
    } catch (error) {
      return refuse(error, parts.log);
    }
  }

  async function understand(request: Request): Promise<Understood> {
    const person = signedIn(request);
    const operation = parts.operations.asked(request, person.organization);
    if (request.readOnly && operation.kind === "mutation")
      throw new JuntoError("METHOD_NOT_ALLOWED", "A GET asks and changes nothing; send a mutation by POST.");
    const variables = operation.variables(request.variables ?? {});
    const own = parts.groupOf(operation, variables);
    const group = own ?? request.group ?? null;
    if (request.group !== undefined && request.group !== group)
      throw new JuntoError("BAD_REQUEST", "The request names one group, its operation another.");
    const place = group === null ? null : await parts.membership(person, group);
    // What an operation names itself its own fields answer for: who administers need not be a member.
    if (own === null && group !== null && !place)
      throw new JuntoError("NOT_FOUND", "There is no such group, or you are not a member of it.");
    return { operation, variables, viewer: personViewer(person, place, parts.scopes) };
  }

  /** Whether they have in the group what they had. */
  async function isStill({ person, group, audience }: Viewer): Promise<boolean> {
    if (!person || !group) return true;
    const place = await parts.membership(person, group.id);
    return personViewer(person, place, parts.scopes).audience === audience;
  }

  return {
    answer,
    kindOf: (request) => parts.operations.asked(request, signedIn(request).organization).kind,
    understand,
    respond,
  };
}

/** Before anything is read of what a request asks. */
function signedIn({ person }: Request): Person {
  if (person) return person;
  throw new JuntoError("UNAUTHENTICATED", "Nobody is signed in. Send a token of your organization.");
}

/** The response to a request that could not be answered at all. */
export function refuse(thrown: unknown, log: Log): Response {
  const error = JuntoError.from(thrown);
  if (error.code === "INTERNAL") log.error({ err: error.cause ?? error }, "a request failed");
  return { text: JSON.stringify({ errors: requestErrors(error) }), status: CATALOGUE[error.code].status };
}
