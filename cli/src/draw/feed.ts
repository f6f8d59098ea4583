// The feed in a terminal: a line for what happened, and a box for each card.
import { describeChanges, drawCard, timeOf, type Card } from "./card.ts";
import type { Canvas } from "./adaptive.ts";
import { clean } from "./text.ts";

interface PersonName {
  readonly id: string;
  readonly name: string;
}

/** An event as `watch` asks for it. */
export type FeedEvent = { readonly seq: number; readonly at: string; readonly actor: PersonName | null } & (
  | { readonly __typename: "MessagePosted"; readonly text: string }
  | { readonly __typename: "MessageChanged"; readonly message: { readonly text: string | null } }
  | { readonly __typename: "CardPosted" | "CardChanged"; readonly card: Card }
  | { readonly __typename: "ActionChanged"; readonly action: ActionRun }
  | {
      readonly __typename: "MemberChanged";
      readonly person: PersonName;
      readonly role: string;
      readonly added: boolean;
    }
  | {
      readonly __typename: "GrantChanged";
      readonly policy: string;
      readonly role: string;
      readonly granted: boolean;
      readonly until: string | null;
      readonly end: string | null;
    }
  | {
      readonly __typename: "OrganizationChanged";
      readonly organization: PersonName;
      readonly change: string;
    }
  | { readonly __typename: "GroupClosed" }
);

type GrantEvent = Extract<FeedEvent, { readonly __typename: "GrantChanged" }>;

export interface ActionRun {
  readonly id: string;
  readonly verb: string;
  readonly status: string;
  readonly cardId: string | null;
  readonly userErrors: readonly UserError[];
}

export interface UserError {
  readonly field: readonly string[];
  readonly code: string;
  readonly message: string;
}

/** Remembers the cards that it drew, to say what changed. Returns the lines of one event. */
export function createFeedDrawing(canvas: Canvas): (event: FeedEvent) => string[] {
  const { paint } = canvas;
  const drawn = new Map<string, Card>();

  return (event) => {
    const head = paint.dim(`#${event.seq} ${timeOf(event.at)}`);
    const who = event.actor === null ? "" : ` ${person(event.actor)}`;
    switch (event.__typename) {
      case "MessagePosted":
        return [`${head}${who}: ${paint.bold(clean(event.text))}`];
      case "MessageChanged": {
        const { text } = event.message;
        return [
          `${head}${who} ${text === null ? "deleted a message" : `edited: ${paint.bold(clean(text))}`}`,
        ];
      }
      case "ActionChanged":
        return [`${head}${who} ${describeAction(event.action)}`];
      case "MemberChanged":
        return [
          `${head}${who} ${event.added ? "added" : "removed"} ${person(event.person)}, ${clean(event.role)}`,
        ];
      case "GrantChanged":
        return [`${head}${who} ${describeGrant(event)}`];
      case "OrganizationChanged":
        return [
          `${head}${who} ${CONSENT[event.change] ?? clean(event.change)}: ${person(event.organization)}`,
        ];
      case "GroupClosed":
        return [`${head}${who} closed the group`];
      case "CardPosted":
      case "CardChanged": {
        const before = drawn.get(event.card.id);
        drawn.set(event.card.id, event.card);
        const verb = before === undefined ? "card" : "card changed";
        const to = event.card.to.length === 0 ? "" : ` for ${event.card.to.map(clean).join(", ")}`;
        const changes = before === undefined ? [] : describeChanges(before, event.card, paint);
        return [
          `${head}${who} ${verb}${to}`,
          ...changes.map((line) => `   ${line}`),
          ...drawCard(event.card, canvas),
        ];
      }
      default:
        return [`${head}${who} ${clean((event as { __typename: string }).__typename)}`];
    }
  };
}

/** What became of an organization and the group. */
const CONSENT: Readonly<Record<string, string>> = {
  INVITED: "invites an organization",
  DECLINED: "declined for an organization",
  TAKEN_BACK: "takes an invitation back",
  JOINED: "came in with an organization",
  LEFT: "left with an organization",
};

function describeGrant({ policy, role, granted, until, end }: GrantEvent): string {
  const shared = `${clean(policy)} with role ${clean(role)}`;
  if (!granted) return end === "EXPIRED" ? `sharing ${shared} has ended` : `no longer shares ${shared}`;
  return `shares ${shared}${until === null ? "" : ` until ${clean(until)}`}`;
}

export function describeAction({ verb, status, userErrors }: ActionRun): string {
  const word =
    { PENDING: "is on its way", DONE: "is done", REFUSED: "was refused", FAILED: "failed" }[status] ??
    clean(status);
  const reasons = userErrors.map(describeUserError).join("; ");
  return `${clean(verb)} ${word}${reasons === "" ? "" : `: ${reasons}`}`;
}

export function describeUserError({ field, code, message }: UserError): string {
  const place = field.length === 0 ? "" : `${clean(field.join("."))}: `;
  return `${place}${clean(message)} (${clean(code)})`;
}

function person({ id, name }: PersonName): string {
  return `${clean(name)} (${clean(id)})`;
}
