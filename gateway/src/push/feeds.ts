// Subscriptions to groups' feeds, each from its cursor on.
import { Kind, valueFromASTUntyped, type FieldNode } from "graphql";
import { JuntoError } from "../errors/index.ts";
import { rootField } from "../operation/root-field.ts";
import { seqNamed } from "./event-name.ts";
import { createHub, type HubParts } from "./hub.ts";
import { memberOf, type Streams } from "./streams.ts";

export interface Feeds extends Streams {
  /** Groups that somebody here follows. */
  groups(): readonly string[];
}

export function createFeeds(parts: Omit<HubParts, "cursorVariable">): Feeds {
  const hub = createHub({ ...parts, cursorVariable: (operation) => cursorOf(rootField(operation)).variable });

  /** The later of what the operation says and of the event that the client had last: it has had both. */
  async function cursorIn(group: string, after: unknown, lastEvent: string | undefined): Promise<number> {
    const head = await parts.head(group);
    const isCursor = (seq: unknown): seq is number => typeof seq === "number" && seq >= 0 && seq <= head;
    if (!isCursor(after))
      throw new JuntoError(
        "BAD_USER_INPUT",
        `"after" is ${JSON.stringify(after)}; the newest event of this group is ${head}. Begin from 0, or from the last event you have.`,
      );
    if (lastEvent === undefined) return after;
    const last = seqNamed(lastEvent, group);
    if (!isCursor(last))
      throw new JuntoError(
        "BAD_USER_INPUT",
        `Last-Event-ID names no event that this group has had; the newest is ${head}. Begin without it.`,
      );
    return Math.max(after, last);
  }

  return {
    async subscribe({ viewer, reading, lastEvent }, sink) {
      const { person, group } = memberOf(viewer);
      const { operation, variables } = reading();
      const said = cursorOf(rootField(operation)).value(variables) ?? 0;
      const after = await cursorIn(group.id, said, lastEvent);
      return hub.subscribe({ ...reading(), person, scopes: viewer.scopes, place: group, after }, sink);
    },
    renew: hub.renew,
    groups: hub.groups,
    size: hub.size,
    close: hub.close,
  };
}

/** What a groupFeed field says of the cursor. */
function cursorOf(field: FieldNode): {
  readonly variable: string | null;
  value(variables: Readonly<Record<string, unknown>>): unknown;
} {
  const given = field.arguments?.find((argument) => argument.name.value === "after")?.value;
  return {
    variable: given?.kind === Kind.VARIABLE ? given.name.value : null,
    value: (variables) => given && valueFromASTUntyped(given, variables),
  };
}
