// What the store of groups gives: plain rows, as the tables hold them.
import type { Entity } from "./keys.ts";

export interface PersonRow {
  /** `<organization>:<name>`. */
  readonly id: string;
  readonly organization: string;
  readonly name: string;
}

export interface SubjectKey {
  readonly type: string;
  readonly id: string;
}

export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly scenario: string;
  readonly subject: SubjectKey;
  readonly closed: boolean;
  /** `seq` of the newest row of its feed; 0: nothing has happened. */
  readonly head: number;
  /** When something happened in it last. */
  readonly changedAt: Date;
}

export interface MemberRow {
  readonly person: string;
  readonly role: string;
}

/** How far a member has read, and what others did since. */
export interface ReadingRow {
  readonly groupId: string;
  readonly seq: number;
  readonly messages: number;
  /** Messages among these that mention them. */
  readonly mentions: number;
  readonly firstMention: number | null;
  /** Messages that answer one of theirs, and do not mention them. */
  readonly answers: number;
  readonly cards: number;
  readonly changes: number;
  /** `seq` of the first of these; null: there are none. */
  readonly first: number | null;
  /** Not everything was looked at. */
  readonly more: boolean;
  /** Cards that wait for them. */
  readonly waiting: number;
}

export interface SeenRow {
  readonly person: string;
  readonly organization: string;
  readonly seq: number;
}

export interface GrantRow {
  readonly id: string;
  readonly groupId: string;
  readonly policy: string;
  /** Who owns the policy and gave the grant. */
  readonly organization: string;
  readonly role: string;
  readonly grantedBy: string;
  readonly grantedAt: Date;
  /** It ends by itself then; null: it is for good. */
  readonly until: Date | null;
  /** It has not ended, its date has not come, and its group is not closed. */
  readonly inForce: boolean;
  readonly end: GrantEnd | null;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
}

/** REPLACED: it was granted again, with another date. LEFT: its organization left the group. */
export type GrantEnd = "WITHDRAWN" | "EXPIRED" | "REPLACED" | "LEFT";

/** An organization is in a group. */
export interface ParticipationRow {
  readonly groupId: string;
  readonly organization: string;
  readonly since: Date;
}

export interface InvitationRow {
  readonly id: string;
  readonly groupId: string;
  /** Who is invited. */
  readonly organization: string;
  readonly invitedBy: string;
  /** The organization that invited. */
  readonly invitedFrom: string;
  readonly invitedAt: Date;
  readonly state: InvitationState;
  readonly answeredBy: string | null;
  readonly answeredAt: Date | null;
}

export type InvitationState = "WAITING" | "ACCEPTED" | "DECLINED" | "TAKEN_BACK";

export interface MessageRow {
  readonly id: string;
  readonly groupId: string;
  readonly seq: number;
  readonly at: Date;
  readonly author: string;
  /** Null: it was deleted. */
  readonly text: string | null;
  /** 1, and one more for each change. */
  readonly revision: number;
  readonly editedAt: Date | null;
  /** The message that it answers. */
  readonly replyTo: string | null;
  /** It is in the thread on this card. */
  readonly cardId: string | null;
}

export interface CardRow {
  readonly id: string;
  readonly groupId: string;
  /** `<app>.<card type>`. */
  readonly type: string;
  readonly entity: Entity;
  readonly open: boolean;
  /** Roles. */
  readonly to: readonly string[];
  readonly postedAt: Date;
  /** The highest that any audience has seen; 0: it has not come out for anyone yet. */
  readonly revision: number;
  /** How often it was posted, or could have become another. */
  readonly touched: number;
}

/** Whose turn it is with a card: somebody of an organization in a role. */
export interface TurnRow {
  readonly organization: string;
  readonly role: string;
  /** Of actions that are open to them; none: there is only something due. */
  readonly verbs: readonly string[];
}

/** A card as it stands with one person. */
export interface InboxRow extends CardRow {
  /** Snoozed until then; null: it is not. */
  readonly until: Date | null;
  /** When the person put it there; null: it waits, as it was posted. */
  readonly markedAt: Date | null;
}

export type InboxState = "WAITING" | "SNOOZED" | "DONE";

export interface MuteRow {
  readonly groupId: string;
  /** Null: until the person undoes it. */
  readonly until: Date | null;
}

export interface QuietHoursRow {
  /** `HH:MM` on the clock of the time zone. The same as `to`: the whole day. */
  readonly from: string;
  readonly to: string;
  /** Days on which they begin: `MON` … `SUN`. */
  readonly days: readonly string[];
  /** IANA name. */
  readonly timeZone: string;
}

export type ActionStatus = "PENDING" | "DONE" | "REFUSED" | "FAILED";

/** Without the message, which may hold the owner's data. */
export interface StoredUserError {
  readonly field: readonly string[];
  readonly code: string;
}

export interface ActionRow {
  readonly id: string;
  readonly groupId: string;
  readonly person: string;
  readonly key: string;
  readonly verb: string;
  readonly cardId: string | null;
  /** Null as soon as it is not PENDING any more. */
  readonly input: unknown;
  readonly status: ActionStatus;
  readonly userErrors: readonly StoredUserError[];
  readonly begunAt: Date;
}

/** What the rows of a feed say, by kind: keys, never content. */
interface FeedKeys {
  MESSAGE: { readonly message: string };
  /** One row a message: a newer one takes the place of the older. */
  MESSAGE_CHANGED: { readonly message: string };
  CARD_POSTED: { readonly card: string };
  /** One row a card: a newer one takes the place of the older. */
  CARD_CHANGED: { readonly card: string };
  /** One row an action, likewise. */
  ACTION: { readonly action: string };
  MEMBER: { readonly person: string; readonly role: string; readonly change: "ADDED" | "REMOVED" };
  GRANT: {
    readonly policy: string;
    readonly role: string;
    readonly change: "GRANTED" | Exclude<GrantEnd, "REPLACED">;
    /** RFC 3339. */
    readonly until?: string;
  };
  ORGANIZATION: {
    readonly organization: string;
    readonly change: "INVITED" | "DECLINED" | "TAKEN_BACK" | "JOINED" | "LEFT";
  };
  CLOSED: Readonly<Record<string, never>>;
}

export type FeedKind = keyof FeedKeys;

/** A row before it has its place in the feed. */
export type FeedEntry = {
  [Kind in FeedKind]: { readonly kind: Kind; readonly keys: FeedKeys[Kind]; readonly actor: string | null };
}[FeedKind];

export type FeedRow = FeedEntry & { readonly groupId: string; readonly seq: number; readonly at: Date };
