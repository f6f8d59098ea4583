/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which of what a scenario asks of one's own organization is granted: `all` that is open, or `grants` by name. */
export type AcceptGrantsInput = {
  readonly all?: boolean;
  readonly grants?: ReadonlyArray<GrantInput> | null | undefined;
  /** For those that do not say so themselves. */
  readonly until?: string | null | undefined;
};

export type AccessedEntityInput = {
  readonly type: string;
  readonly key?: unknown;
};

export type AccessKind =
  /** Somebody of another organization was given it, or it was pushed to them. */
  | 'READ'
  /** A mutation is about to be sent to the organization's system. */
  | 'ACTION_BEGUN'
  /** How it came out. */
  | 'ACTION_ENDED';

/** What is not given does not matter. */
export type AccessLogFilter = {
  readonly from?: string | null | undefined;
  /** Not that instant itself. */
  readonly until?: string | null | undefined;
  readonly kind?: AccessKind | null | undefined;
  readonly outcome?: AccessOutcome | null | undefined;
  readonly group?: string | null | undefined;
  readonly person?: string | null | undefined;
  /** Of which organization they were who were given it, or did it. */
  readonly by?: string | null | undefined;
  readonly policy?: string | null | undefined;
  /** A type of entity, and a key, or a part of one. Parts of keys are text. */
  readonly entity?: AccessedEntityInput | null | undefined;
};

export type AccessOutcome =
  | 'DONE'
  /** The organization's system refused it. */
  | 'REFUSED'
  | 'FAILED'
  /** The organization's system did not answer: nobody can say whether it was done. */
  | 'UNKNOWN';

export type ActionStatus =
  | 'PENDING'
  | 'DONE'
  /** The owner's system refused it; `userErrors` says why. */
  | 'REFUSED'
  /** It could not be carried out; it can be tried again with a new key. */
  | 'FAILED';

export type GrantEnd =
  /** Its organization took it back. */
  | 'WITHDRAWN'
  /** Its date had come. */
  | 'EXPIRED'
  /** It was granted again, with another date. */
  | 'REPLACED'
  /** Its organization left the group. */
  | 'LEFT';

export type GrantInput = {
  readonly policy: string;
  readonly role: string;
  readonly until?: string | null | undefined;
};

export type InboxState =
  | 'WAITING'
  | 'SNOOZED'
  | 'DONE';

export type Locale =
  | 'en'
  | 'zh_CN';

/** A person of one's own organization. */
export type MemberInput = {
  readonly personId: string;
  readonly role: string;
};

export type OrganizationChange =
  | 'INVITED'
  /** It said no. */
  | 'DECLINED'
  /** Who invited it does not any more. */
  | 'TAKEN_BACK'
  | 'JOINED'
  | 'LEFT';

export type ProvenanceStatus =
  /** It answered. */
  | 'OK'
  /** It answered, but not everything. */
  | 'PARTIAL'
  /** It did not answer. */
  | 'AWAY';

export type QuietHoursInput = {
  readonly from: string;
  readonly to: string;
  readonly days: ReadonlyArray<Weekday>;
  readonly timeZone: string;
};

export type SearchKind =
  | 'MESSAGE'
  | 'CARD';

export type Weekday =
  | 'MON'
  | 'TUE'
  | 'WED'
  | 'THU'
  | 'FRI'
  | 'SAT'
  | 'SUN';

export type ActMutationVariables = Exact<{
  group: string;
  verb: string;
  input: unknown;
  key: string;
  card?: string | null | undefined;
  seen?: number | null | undefined;
  locale: Locale;
}>;


export type ActMutation = { readonly act: { readonly action: { readonly id: string, readonly verb: string, readonly status: ActionStatus, readonly cardId: string | null, readonly en: string, readonly zh: string, readonly begun: ReadonlyArray<{ readonly type: string, readonly key: unknown }>, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } | null, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type RunFragment = { readonly id: string, readonly verb: string, readonly status: ActionStatus, readonly cardId: string | null, readonly en: string, readonly zh: string, readonly begun: ReadonlyArray<{ readonly type: string, readonly key: unknown }>, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> };

export type WrongFragment = { readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string };

export type OneCardQueryVariables = Exact<{
  group: string;
  card: string;
  locale: Locale;
}>;


export type OneCardQuery = { readonly group: { readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> } | null } | null };

export type TemplateQueryVariables = Exact<{
  group: string;
  card: string;
  locale: Locale;
}>;


export type TemplateQuery = { readonly group: { readonly card: { readonly template: { readonly ref: string, readonly body: unknown } } | null } | null };

export type ShownFragment = { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> };

export type OpenedQueryVariables = Exact<{
  group: string;
  before: number;
  first: number;
  locale: Locale;
}>;


export type OpenedQuery = { readonly group: { readonly id: string, readonly head: number, readonly closed: boolean, readonly timeZone: string, readonly feed: ReadonlyArray<
      | { readonly __typename: 'ActionChanged', readonly seq: number, readonly at: string, readonly action: { readonly id: string, readonly verb: string, readonly status: ActionStatus, readonly cardId: string | null, readonly en: string, readonly zh: string, readonly begun: ReadonlyArray<{ readonly type: string, readonly key: unknown }>, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'CardChanged', readonly seq: number, readonly at: string, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'CardPosted', readonly seq: number, readonly at: string, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'GrantChanged', readonly policy: string, readonly role: string, readonly granted: boolean, readonly until: string | null, readonly end: GrantEnd | null, readonly seq: number, readonly at: string, readonly en: string, readonly zh: string, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'GroupClosed', readonly seq: number, readonly at: string, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'MemberChanged', readonly role: string, readonly added: boolean, readonly seq: number, readonly at: string, readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'MessageChanged', readonly seq: number, readonly at: string, readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'MessagePosted', readonly seq: number, readonly at: string, readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'OrganizationChanged', readonly change: OrganizationChange, readonly seq: number, readonly at: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    >, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly members: ReadonlyArray<{ readonly role: string, readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }>, readonly organizations: ReadonlyArray<{ readonly id: string, readonly en: string, readonly zh: string }>, readonly grants: ReadonlyArray<{ readonly policy: string, readonly role: string, readonly until: string | null, readonly grantedAt: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly grantedBy: { readonly name: string } }>, readonly asked: ReadonlyArray<{ readonly policy: string, readonly role: string, readonly reason: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string } }>, readonly invitations: ReadonlyArray<{ readonly id: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly invitedBy: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }> } | null };

export type PageQueryVariables = Exact<{
  group: string;
  before: number;
  first: number;
  locale: Locale;
}>;


export type PageQuery = { readonly group: { readonly feed: ReadonlyArray<
      | { readonly __typename: 'ActionChanged', readonly seq: number, readonly at: string, readonly action: { readonly id: string, readonly verb: string, readonly status: ActionStatus, readonly cardId: string | null, readonly en: string, readonly zh: string, readonly begun: ReadonlyArray<{ readonly type: string, readonly key: unknown }>, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'CardChanged', readonly seq: number, readonly at: string, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'CardPosted', readonly seq: number, readonly at: string, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'GrantChanged', readonly policy: string, readonly role: string, readonly granted: boolean, readonly until: string | null, readonly end: GrantEnd | null, readonly seq: number, readonly at: string, readonly en: string, readonly zh: string, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'GroupClosed', readonly seq: number, readonly at: string, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'MemberChanged', readonly role: string, readonly added: boolean, readonly seq: number, readonly at: string, readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'MessageChanged', readonly seq: number, readonly at: string, readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'MessagePosted', readonly seq: number, readonly at: string, readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
      | { readonly __typename: 'OrganizationChanged', readonly change: OrganizationChange, readonly seq: number, readonly at: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    > } | null };

export type FollowSubscriptionVariables = Exact<{
  group: string;
  after: number;
  locale: Locale;
}>;


export type FollowSubscription = { readonly groupFeed:
    | { readonly __typename: 'ActionChanged', readonly seq: number, readonly at: string, readonly action: { readonly id: string, readonly verb: string, readonly status: ActionStatus, readonly cardId: string | null, readonly en: string, readonly zh: string, readonly begun: ReadonlyArray<{ readonly type: string, readonly key: unknown }>, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    | { readonly __typename: 'CardChanged', readonly seq: number, readonly at: string, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    | { readonly __typename: 'CardPosted', readonly seq: number, readonly at: string, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    | { readonly __typename: 'GrantChanged', readonly policy: string, readonly role: string, readonly granted: boolean, readonly until: string | null, readonly end: GrantEnd | null, readonly seq: number, readonly at: string, readonly en: string, readonly zh: string, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    | { readonly __typename: 'GroupClosed', readonly seq: number, readonly at: string, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    | { readonly __typename: 'MemberChanged', readonly role: string, readonly added: boolean, readonly seq: number, readonly at: string, readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    | { readonly __typename: 'MessageChanged', readonly seq: number, readonly at: string, readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    | { readonly __typename: 'MessagePosted', readonly seq: number, readonly at: string, readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
    | { readonly __typename: 'OrganizationChanged', readonly change: OrganizationChange, readonly seq: number, readonly at: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }
   };

type Happened_ActionChanged_Fragment = { readonly __typename: 'ActionChanged', readonly seq: number, readonly at: string, readonly action: { readonly id: string, readonly verb: string, readonly status: ActionStatus, readonly cardId: string | null, readonly en: string, readonly zh: string, readonly begun: ReadonlyArray<{ readonly type: string, readonly key: unknown }>, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

type Happened_CardChanged_Fragment = { readonly __typename: 'CardChanged', readonly seq: number, readonly at: string, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

type Happened_CardPosted_Fragment = { readonly __typename: 'CardPosted', readonly seq: number, readonly at: string, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

type Happened_GrantChanged_Fragment = { readonly __typename: 'GrantChanged', readonly policy: string, readonly role: string, readonly granted: boolean, readonly until: string | null, readonly end: GrantEnd | null, readonly seq: number, readonly at: string, readonly en: string, readonly zh: string, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

type Happened_GroupClosed_Fragment = { readonly __typename: 'GroupClosed', readonly seq: number, readonly at: string, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

type Happened_MemberChanged_Fragment = { readonly __typename: 'MemberChanged', readonly role: string, readonly added: boolean, readonly seq: number, readonly at: string, readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

type Happened_MessageChanged_Fragment = { readonly __typename: 'MessageChanged', readonly seq: number, readonly at: string, readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

type Happened_MessagePosted_Fragment = { readonly __typename: 'MessagePosted', readonly seq: number, readonly at: string, readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

type Happened_OrganizationChanged_Fragment = { readonly __typename: 'OrganizationChanged', readonly change: OrganizationChange, readonly seq: number, readonly at: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

export type HappenedFragment =
  | Happened_ActionChanged_Fragment
  | Happened_CardChanged_Fragment
  | Happened_CardPosted_Fragment
  | Happened_GrantChanged_Fragment
  | Happened_GroupClosed_Fragment
  | Happened_MemberChanged_Fragment
  | Happened_MessageChanged_Fragment
  | Happened_MessagePosted_Fragment
  | Happened_OrganizationChanged_Fragment
;

export type MeQueryVariables = Exact<{ [key: string]: never; }>;


export type MeQuery = { readonly me: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }, readonly administers: { readonly id: string } | null };

export type AroundQueryVariables = Exact<{
  group: string;
  locale: Locale;
}>;


export type AroundQuery = { readonly group: { readonly closed: boolean, readonly timeZone: string, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly members: ReadonlyArray<{ readonly role: string, readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }>, readonly organizations: ReadonlyArray<{ readonly id: string, readonly en: string, readonly zh: string }>, readonly grants: ReadonlyArray<{ readonly policy: string, readonly role: string, readonly until: string | null, readonly grantedAt: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly grantedBy: { readonly name: string } }>, readonly asked: ReadonlyArray<{ readonly policy: string, readonly role: string, readonly reason: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string } }>, readonly invitations: ReadonlyArray<{ readonly id: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly invitedBy: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }> } | null };

export type SomeoneFragment = { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } };

export type AroundFragment = { readonly closed: boolean, readonly timeZone: string, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly members: ReadonlyArray<{ readonly role: string, readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }>, readonly organizations: ReadonlyArray<{ readonly id: string, readonly en: string, readonly zh: string }>, readonly grants: ReadonlyArray<{ readonly policy: string, readonly role: string, readonly until: string | null, readonly grantedAt: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly grantedBy: { readonly name: string } }>, readonly asked: ReadonlyArray<{ readonly policy: string, readonly role: string, readonly reason: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string } }>, readonly invitations: ReadonlyArray<{ readonly id: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly invitedBy: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }> };

export type WantedFragment = { readonly policy: string, readonly role: string, readonly reason: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string } };

export type PlayingFragment = { readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null };

export type ClosedFragment = { readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } };

export type InboxQueryVariables = Exact<{
  state: InboxState;
  locale: Locale;
}>;


export type InboxQuery = { readonly inbox: { readonly more: boolean, readonly waiting: number, readonly wakesAt: string | null, readonly cards: ReadonlyArray<{ readonly until: string | null, readonly markedAt: string | null, readonly group: { readonly id: string, readonly name: string, readonly timeZone: string, readonly members: ReadonlyArray<{ readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }> }, readonly card: { readonly id: string, readonly type: string, readonly revision: number, readonly open: boolean, readonly to: ReadonlyArray<string>, readonly postedAt: string, readonly dueAt: string | null, readonly data: unknown, readonly en: string, readonly zh: string, readonly about: { readonly type: string, readonly key: unknown }, readonly begunBy: { readonly id: string } | null, readonly template: { readonly ref: string }, readonly actions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly form: unknown }>, readonly closedActions: ReadonlyArray<{ readonly verb: string, readonly title: string, readonly policy: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly provenance: ReadonlyArray<{ readonly system: string, readonly status: ProvenanceStatus, readonly asOf: string, readonly paths: ReadonlyArray<string>, readonly missing: ReadonlyArray<string>, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly withheld: ReadonlyArray<{ readonly path: string, readonly policy: string | null, readonly en: string | null, readonly zh: string | null, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> } }> } };

export type SnoozeMutationVariables = Exact<{
  card: string;
  until: string;
}>;


export type SnoozeMutation = { readonly snoozeCard: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type FinishMutationVariables = Exact<{
  card: string;
}>;


export type FinishMutation = { readonly finishCard: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type ReturnMutationVariables = Exact<{
  card: string;
}>;


export type ReturnMutation = { readonly returnCard: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type PeopleQueryVariables = Exact<{
  group?: string | null | undefined;
  search?: string | null | undefined;
}>;


export type PeopleQuery = { readonly people: ReadonlyArray<{ readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> | null };

export type EverybodyQueryVariables = Exact<{ [key: string]: never; }>;


export type EverybodyQuery = { readonly groups: ReadonlyArray<{ readonly id: string, readonly name: string, readonly subject: { readonly type: string, readonly id: string }, readonly members: ReadonlyArray<{ readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }> }> };

export type AddMemberMutationVariables = Exact<{
  group: string;
  person: string;
  role: string;
}>;


export type AddMemberMutation = { readonly addMember: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type RemoveMemberMutationVariables = Exact<{
  group: string;
  person: string;
}>;


export type RemoveMemberMutation = { readonly removeMember: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type InviteMutationVariables = Exact<{
  group: string;
  organization: string;
}>;


export type InviteMutation = { readonly inviteOrganization: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type TakeBackMutationVariables = Exact<{
  invitation: string;
}>;


export type TakeBackMutation = { readonly takeBackInvitation: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type SayMutationVariables = Exact<{
  group: string;
  text: string;
  key: string;
  replyTo?: string | null | undefined;
  card?: string | null | undefined;
  mentions: ReadonlyArray<string> | string;
}>;


export type SayMutation = { readonly postMessage: { readonly message: { readonly seq: number } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type EditMutationVariables = Exact<{
  group: string;
  message: string;
  text: string;
  mentions: ReadonlyArray<string> | string;
  seen: number;
}>;


export type EditMutation = { readonly editMessage: { readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type UnsayMutationVariables = Exact<{
  group: string;
  message: string;
}>;


export type UnsayMutation = { readonly deleteMessage: { readonly message: { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type ThreadQueryVariables = Exact<{
  group: string;
  card?: string | null | undefined;
  message?: string | null | undefined;
  before?: number | null | undefined;
  first: number;
}>;


export type ThreadQuery = { readonly group: { readonly thread: ReadonlyArray<{ readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null }> } | null };

export type SaidFragment = { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly revision: number, readonly editedAt: string | null, readonly cardId: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly mentions: ReadonlyArray<{ readonly id: string, readonly name: string }>, readonly replyTo: { readonly id: string, readonly seq: number, readonly text: string | null, readonly revision: number, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null } | null };

export type PreferencesQueryVariables = Exact<{ [key: string]: never; }>;


export type PreferencesQuery = { readonly preferences: { readonly mutes: ReadonlyArray<{ readonly until: string | null, readonly group: { readonly id: string } }>, readonly quietHours: { readonly from: string, readonly to: string, readonly days: ReadonlyArray<Weekday>, readonly timeZone: string } | null } };

export type MuteMutationVariables = Exact<{
  group: string;
  until?: string | null | undefined;
}>;


export type MuteMutation = { readonly muteGroup: { readonly preferences: { readonly mutes: ReadonlyArray<{ readonly until: string | null, readonly group: { readonly id: string } }>, readonly quietHours: { readonly from: string, readonly to: string, readonly days: ReadonlyArray<Weekday>, readonly timeZone: string } | null } | null } };

export type UnmuteMutationVariables = Exact<{
  group: string;
}>;


export type UnmuteMutation = { readonly unmuteGroup: { readonly preferences: { readonly mutes: ReadonlyArray<{ readonly until: string | null, readonly group: { readonly id: string } }>, readonly quietHours: { readonly from: string, readonly to: string, readonly days: ReadonlyArray<Weekday>, readonly timeZone: string } | null } | null } };

export type SetQuietHoursMutationVariables = Exact<{
  hours?: QuietHoursInput | null | undefined;
}>;


export type SetQuietHoursMutation = { readonly setQuietHours: { readonly preferences: { readonly mutes: ReadonlyArray<{ readonly until: string | null, readonly group: { readonly id: string } }>, readonly quietHours: { readonly from: string, readonly to: string, readonly days: ReadonlyArray<Weekday>, readonly timeZone: string } | null } | null, readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type PreferredFragment = { readonly mutes: ReadonlyArray<{ readonly until: string | null, readonly group: { readonly id: string } }>, readonly quietHours: { readonly from: string, readonly to: string, readonly days: ReadonlyArray<Weekday>, readonly timeZone: string } | null };

export type MyGroupsSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type MyGroupsSubscription = { readonly myGroups: { readonly all: boolean, readonly left: ReadonlyArray<string>, readonly groups: ReadonlyArray<{ readonly id: string, readonly name: string, readonly scenario: string, readonly closed: boolean, readonly head: number, readonly changedAt: string, readonly organizations: ReadonlyArray<{ readonly id: string, readonly en: string, readonly zh: string }>, readonly reading: { readonly seq: number, readonly messages: number, readonly mentions: number, readonly firstMention: number | null, readonly answers: number, readonly cards: number, readonly changes: number, readonly first: number | null, readonly more: boolean, readonly waiting: number, readonly forThem: ReadonlyArray<{ readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }> } | null }> } };

export type PresenceSubscriptionVariables = Exact<{
  group: string;
}>;


export type PresenceSubscription = { readonly groupPresence: { readonly here: ReadonlyArray<{ readonly id: string }>, readonly typing: ReadonlyArray<{ readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }>, readonly seen: ReadonlyArray<{ readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly people: ReadonlyArray<{ readonly seq: number, readonly person: { readonly id: string, readonly name: string } }> }> } };

export type MarkReadMutationVariables = Exact<{
  group: string;
  seq: number;
}>;


export type MarkReadMutation = { readonly markRead: { readonly group: { readonly id: string, readonly name: string, readonly scenario: string, readonly closed: boolean, readonly head: number, readonly changedAt: string, readonly organizations: ReadonlyArray<{ readonly id: string, readonly en: string, readonly zh: string }>, readonly reading: { readonly seq: number, readonly messages: number, readonly mentions: number, readonly firstMention: number | null, readonly answers: number, readonly cards: number, readonly changes: number, readonly first: number | null, readonly more: boolean, readonly waiting: number, readonly forThem: ReadonlyArray<{ readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }> } | null } | null } };

export type SetTypingMutationVariables = Exact<{
  group: string;
  typing: boolean;
}>;


export type SetTypingMutation = { readonly setTyping: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type ListedFragment = { readonly id: string, readonly name: string, readonly scenario: string, readonly closed: boolean, readonly head: number, readonly changedAt: string, readonly organizations: ReadonlyArray<{ readonly id: string, readonly en: string, readonly zh: string }>, readonly reading: { readonly seq: number, readonly messages: number, readonly mentions: number, readonly firstMention: number | null, readonly answers: number, readonly cards: number, readonly changes: number, readonly first: number | null, readonly more: boolean, readonly waiting: number, readonly forThem: ReadonlyArray<{ readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null }> } | null };

export type CalledFragment = { readonly id: string, readonly seq: number, readonly at: string, readonly text: string | null, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null };

export type SearchGroupQueryVariables = Exact<{
  group: string;
  text: string;
  kind?: SearchKind | null | undefined;
  before?: number | null | undefined;
  first: number;
  locale: Locale;
}>;


export type SearchGroupQuery = { readonly group: { readonly search: ReadonlyArray<{ readonly kind: SearchKind, readonly seq: number, readonly at: string, readonly group: { readonly id: string, readonly name: string }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly snippet: ReadonlyArray<{ readonly text: string, readonly marked: boolean }> }> } | null };

export type SearchAllQueryVariables = Exact<{
  text: string;
  first: number;
}>;


export type SearchAllQuery = { readonly search: ReadonlyArray<{ readonly kind: SearchKind, readonly seq: number, readonly at: string, readonly group: { readonly id: string, readonly name: string }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly snippet: ReadonlyArray<{ readonly text: string, readonly marked: boolean }> }> };

export type SearchCardsQueryVariables = Exact<{
  text: string;
  groups?: ReadonlyArray<string> | string | null | undefined;
  locale: Locale;
}>;


export type SearchCardsQuery = { readonly searchCards: { readonly left: ReadonlyArray<string>, readonly hits: ReadonlyArray<{ readonly kind: SearchKind, readonly seq: number, readonly at: string, readonly group: { readonly id: string, readonly name: string }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly snippet: ReadonlyArray<{ readonly text: string, readonly marked: boolean }> }> } };

export type HitFragment = { readonly kind: SearchKind, readonly seq: number, readonly at: string, readonly group: { readonly id: string, readonly name: string }, readonly actor: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } | null, readonly snippet: ReadonlyArray<{ readonly text: string, readonly marked: boolean }> };

export type SharedQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type SharedQuery = { readonly grants: { readonly next: string | null, readonly grants: ReadonlyArray<{ readonly id: string, readonly policy: string, readonly role: string, readonly until: string | null, readonly grantedAt: string, readonly en: string, readonly zh: string, readonly group: { readonly id: string, readonly name: string, readonly scenario: { readonly en: string, readonly zh: string, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }> } | null }, readonly grantedBy: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }> } | null };

export type AskedQueryVariables = Exact<{
  after?: string | null | undefined;
  locale: Locale;
}>;


export type AskedQuery = { readonly participations: { readonly next: string | null, readonly participations: ReadonlyArray<{ readonly since: string, readonly group: { readonly id: string, readonly name: string, readonly scenario: { readonly en: string, readonly zh: string, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }> } | null }, readonly asked: ReadonlyArray<{ readonly policy: string, readonly role: string, readonly reason: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string } }> }> } | null, readonly invitations: ReadonlyArray<{ readonly id: string, readonly invitedAt: string, readonly invitedBy: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }, readonly group: { readonly id: string, readonly name: string, readonly scenario: { readonly en: string, readonly zh: string, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }> } | null }, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }>, readonly asked: ReadonlyArray<{ readonly policy: string, readonly role: string, readonly reason: string, readonly en: string, readonly zh: string, readonly organization: { readonly id: string } }> }> | null };

export type OutlineFragment = { readonly id: string, readonly name: string, readonly scenario: { readonly en: string, readonly zh: string, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }> } | null };

export type GrantMutationVariables = Exact<{
  group: string;
  policy: string;
  role: string;
  until?: string | null | undefined;
}>;


export type GrantMutation = { readonly grant: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type WithdrawMutationVariables = Exact<{
  group: string;
  policy: string;
  role: string;
}>;


export type WithdrawMutation = { readonly withdraw: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type AcceptGrantsMutationVariables = Exact<{
  group: string;
  accept: AcceptGrantsInput;
}>;


export type AcceptGrantsMutation = { readonly acceptGrants: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type AcceptInvitationMutationVariables = Exact<{
  invitation: string;
  members: ReadonlyArray<MemberInput> | MemberInput;
  accept?: AcceptGrantsInput | null | undefined;
}>;


export type AcceptInvitationMutation = { readonly acceptInvitation: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type DeclineInvitationMutationVariables = Exact<{
  invitation: string;
}>;


export type DeclineInvitationMutation = { readonly declineInvitation: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type LeaveGroupMutationVariables = Exact<{
  group: string;
}>;


export type LeaveGroupMutation = { readonly leaveGroup: { readonly userErrors: ReadonlyArray<{ readonly field: ReadonlyArray<string>, readonly code: string, readonly message: string }> } };

export type LogChoicesQueryVariables = Exact<{ [key: string]: never; }>;


export type LogChoicesQuery = { readonly policies: ReadonlyArray<{ readonly name: string, readonly en: string, readonly zh: string }> | null, readonly participations: { readonly participations: ReadonlyArray<{ readonly group: { readonly id: string, readonly name: string, readonly scenario: { readonly en: string, readonly zh: string, readonly roles: ReadonlyArray<{ readonly name: string, readonly creates: boolean, readonly en: string, readonly zh: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } | null }> } | null } }> } | null, readonly people: ReadonlyArray<{ readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } }> | null, readonly groups: ReadonlyArray<{ readonly members: ReadonlyArray<{ readonly person: { readonly id: string, readonly name: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string } } }> }> };

export type AccessLogQueryVariables = Exact<{
  organization: string;
  filter?: AccessLogFilter | null | undefined;
  before?: string | null | undefined;
  locale: Locale;
}>;


export type AccessLogQuery = { readonly accessLog: { readonly cursor: string | null, readonly more: boolean, readonly head: { readonly seq: string, readonly hash: string } | null, readonly lines: ReadonlyArray<{ readonly seq: string, readonly at: string, readonly kind: AccessKind, readonly person: string | null, readonly group: string | null, readonly role: string | null, readonly policies: ReadonlyArray<string>, readonly fields: ReadonlyArray<string>, readonly moreFields: number, readonly moreEntities: number, readonly hash: string, readonly organization: { readonly id: string, readonly en: string, readonly zh: string }, readonly who: { readonly name: string } | null, readonly operation: { readonly name: string | null }, readonly card: { readonly type: string } | null, readonly action: { readonly attempt: string, readonly field: string, readonly title: string | null, readonly outcome: AccessOutcome | null, readonly codes: ReadonlyArray<string> } | null, readonly entities: ReadonlyArray<{ readonly type: string, readonly key: unknown }> }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const SomeoneFragmentDoc = new TypedDocumentString(`
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
    `, {"fragmentName":"Someone"}) as unknown as TypedDocumentString<SomeoneFragment, unknown>;
export const SaidFragmentDoc = new TypedDocumentString(`
    fragment Said on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
  revision
  editedAt
  cardId
  mentions {
    id
    name
  }
  replyTo {
    id
    seq
    text
    revision
    actor {
      ...Someone
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`, {"fragmentName":"Said"}) as unknown as TypedDocumentString<SaidFragment, unknown>;
export const ClosedFragmentDoc = new TypedDocumentString(`
    fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
    `, {"fragmentName":"Closed"}) as unknown as TypedDocumentString<ClosedFragment, unknown>;
export const ShownFragmentDoc = new TypedDocumentString(`
    fragment Shown on Card {
  id
  type
  about {
    type
    key
  }
  begunBy {
    id
  }
  revision
  open
  to
  postedAt
  dueAt
  data
  en: summary(locale: en)
  zh: summary(locale: zh_CN)
  template {
    ref
  }
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  provenance {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    system
    en: systemTitle(locale: en)
    zh: systemTitle(locale: zh_CN)
    status
    asOf
    paths
    missing
  }
  withheld {
    path
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
  }
}
    fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`, {"fragmentName":"Shown"}) as unknown as TypedDocumentString<ShownFragment, unknown>;
export const WrongFragmentDoc = new TypedDocumentString(`
    fragment Wrong on UserError {
  field
  code
  message
}
    `, {"fragmentName":"Wrong"}) as unknown as TypedDocumentString<WrongFragment, unknown>;
export const RunFragmentDoc = new TypedDocumentString(`
    fragment Run on ActionRun {
  id
  verb
  en: title(locale: en)
  zh: title(locale: zh_CN)
  status
  cardId
  begun {
    type
    key
  }
  userErrors {
    ...Wrong
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`, {"fragmentName":"Run"}) as unknown as TypedDocumentString<RunFragment, unknown>;
export const HappenedFragmentDoc = new TypedDocumentString(`
    fragment Happened on FeedEvent {
  __typename
  seq
  at
  actor {
    ...Someone
  }
  ... on MessagePosted {
    message {
      ...Said
    }
  }
  ... on MessageChanged {
    message {
      ...Said
    }
  }
  ... on CardPosted {
    card {
      ...Shown
    }
  }
  ... on CardChanged {
    card {
      ...Shown
    }
  }
  ... on ActionChanged {
    action {
      ...Run
    }
  }
  ... on MemberChanged {
    person {
      ...Someone
    }
    role
    added
  }
  ... on GrantChanged {
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
    role
    granted
    until
    end
  }
  ... on OrganizationChanged {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    change
  }
}
    fragment Run on ActionRun {
  id
  verb
  en: title(locale: en)
  zh: title(locale: zh_CN)
  status
  cardId
  begun {
    type
    key
  }
  userErrors {
    ...Wrong
  }
}
fragment Wrong on UserError {
  field
  code
  message
}
fragment Shown on Card {
  id
  type
  about {
    type
    key
  }
  begunBy {
    id
  }
  revision
  open
  to
  postedAt
  dueAt
  data
  en: summary(locale: en)
  zh: summary(locale: zh_CN)
  template {
    ref
  }
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  provenance {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    system
    en: systemTitle(locale: en)
    zh: systemTitle(locale: zh_CN)
    status
    asOf
    paths
    missing
  }
  withheld {
    path
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
  }
}
fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Said on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
  revision
  editedAt
  cardId
  mentions {
    id
    name
  }
  replyTo {
    id
    seq
    text
    revision
    actor {
      ...Someone
    }
  }
}`, {"fragmentName":"Happened"}) as unknown as TypedDocumentString<HappenedFragment, unknown>;
export const PlayingFragmentDoc = new TypedDocumentString(`
    fragment Playing on ScenarioRole {
  name
  en: title(locale: en)
  zh: title(locale: zh_CN)
  creates
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
    `, {"fragmentName":"Playing"}) as unknown as TypedDocumentString<PlayingFragment, unknown>;
export const WantedFragmentDoc = new TypedDocumentString(`
    fragment Wanted on AskedGrant {
  policy
  en: policyTitle(locale: en)
  zh: policyTitle(locale: zh_CN)
  role
  reason(locale: $locale)
  organization {
    id
  }
}
    `, {"fragmentName":"Wanted"}) as unknown as TypedDocumentString<WantedFragment, unknown>;
export const AroundFragmentDoc = new TypedDocumentString(`
    fragment Around on Group {
  closed
  timeZone
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  members {
    person {
      ...Someone
    }
    role
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  roles {
    ...Playing
  }
  organizations {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
  grants {
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
    role
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    until
    grantedAt
    grantedBy {
      name
    }
  }
  asked(open: true) {
    ...Wanted
  }
  invitations(waiting: true) {
    id
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    invitedBy {
      ...Someone
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Wanted on AskedGrant {
  policy
  en: policyTitle(locale: en)
  zh: policyTitle(locale: zh_CN)
  role
  reason(locale: $locale)
  organization {
    id
  }
}
fragment Playing on ScenarioRole {
  name
  en: title(locale: en)
  zh: title(locale: zh_CN)
  creates
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`, {"fragmentName":"Around"}) as unknown as TypedDocumentString<AroundFragment, unknown>;
export const PreferredFragmentDoc = new TypedDocumentString(`
    fragment Preferred on Preferences {
  mutes {
    group {
      id
    }
    until
  }
  quietHours {
    from
    to
    days
    timeZone
  }
}
    `, {"fragmentName":"Preferred"}) as unknown as TypedDocumentString<PreferredFragment, unknown>;
export const CalledFragmentDoc = new TypedDocumentString(`
    fragment Called on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`, {"fragmentName":"Called"}) as unknown as TypedDocumentString<CalledFragment, unknown>;
export const ListedFragmentDoc = new TypedDocumentString(`
    fragment Listed on Group {
  id
  name
  scenario
  closed
  head
  changedAt
  organizations {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
  reading {
    seq
    messages
    mentions
    firstMention
    answers
    forThem(first: 5) {
      ...Called
    }
    cards
    changes
    first
    more
    waiting
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Called on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
}`, {"fragmentName":"Listed"}) as unknown as TypedDocumentString<ListedFragment, unknown>;
export const HitFragmentDoc = new TypedDocumentString(`
    fragment Hit on SearchHit {
  kind
  seq
  at
  group {
    id
    name
  }
  actor {
    ...Someone
  }
  snippet {
    text
    marked
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`, {"fragmentName":"Hit"}) as unknown as TypedDocumentString<HitFragment, unknown>;
export const OutlineFragmentDoc = new TypedDocumentString(`
    fragment Outline on GroupOutline {
  id
  name
  scenario {
    en: title(locale: en)
    zh: title(locale: zh_CN)
    roles {
      ...Playing
    }
  }
}
    fragment Playing on ScenarioRole {
  name
  en: title(locale: en)
  zh: title(locale: zh_CN)
  creates
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`, {"fragmentName":"Outline"}) as unknown as TypedDocumentString<OutlineFragment, unknown>;
export const ActDocument = new TypedDocumentString(`
    mutation Act($group: ID!, $verb: String!, $input: JSON!, $key: String!, $card: ID, $seen: Int, $locale: Locale!) {
  act(
    groupId: $group
    verb: $verb
    input: $input
    key: $key
    cardId: $card
    seen: $seen
  ) {
    action {
      ...Run
    }
    card {
      ...Shown
    }
    userErrors {
      ...Wrong
    }
  }
}
    fragment Run on ActionRun {
  id
  verb
  en: title(locale: en)
  zh: title(locale: zh_CN)
  status
  cardId
  begun {
    type
    key
  }
  userErrors {
    ...Wrong
  }
}
fragment Wrong on UserError {
  field
  code
  message
}
fragment Shown on Card {
  id
  type
  about {
    type
    key
  }
  begunBy {
    id
  }
  revision
  open
  to
  postedAt
  dueAt
  data
  en: summary(locale: en)
  zh: summary(locale: zh_CN)
  template {
    ref
  }
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  provenance {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    system
    en: systemTitle(locale: en)
    zh: systemTitle(locale: zh_CN)
    status
    asOf
    paths
    missing
  }
  withheld {
    path
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`) as unknown as TypedDocumentString<ActMutation, ActMutationVariables>;
export const OneCardDocument = new TypedDocumentString(`
    query OneCard($group: ID!, $card: ID!, $locale: Locale!) {
  group(id: $group) {
    card(id: $card) {
      ...Shown
    }
  }
}
    fragment Shown on Card {
  id
  type
  about {
    type
    key
  }
  begunBy {
    id
  }
  revision
  open
  to
  postedAt
  dueAt
  data
  en: summary(locale: en)
  zh: summary(locale: zh_CN)
  template {
    ref
  }
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  provenance {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    system
    en: systemTitle(locale: en)
    zh: systemTitle(locale: zh_CN)
    status
    asOf
    paths
    missing
  }
  withheld {
    path
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`) as unknown as TypedDocumentString<OneCardQuery, OneCardQueryVariables>;
export const TemplateDocument = new TypedDocumentString(`
    query Template($group: ID!, $card: ID!, $locale: Locale!) {
  group(id: $group) {
    card(id: $card) {
      template {
        ref
        body(locale: $locale)
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TemplateQuery, TemplateQueryVariables>;
export const OpenedDocument = new TypedDocumentString(`
    query Opened($group: ID!, $before: Int!, $first: Int!, $locale: Locale!) {
  group(id: $group) {
    id
    head
    ...Around
    feed(before: $before, first: $first) {
      ...Happened
    }
  }
}
    fragment Run on ActionRun {
  id
  verb
  en: title(locale: en)
  zh: title(locale: zh_CN)
  status
  cardId
  begun {
    type
    key
  }
  userErrors {
    ...Wrong
  }
}
fragment Wrong on UserError {
  field
  code
  message
}
fragment Shown on Card {
  id
  type
  about {
    type
    key
  }
  begunBy {
    id
  }
  revision
  open
  to
  postedAt
  dueAt
  data
  en: summary(locale: en)
  zh: summary(locale: zh_CN)
  template {
    ref
  }
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  provenance {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    system
    en: systemTitle(locale: en)
    zh: systemTitle(locale: zh_CN)
    status
    asOf
    paths
    missing
  }
  withheld {
    path
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
  }
}
fragment Happened on FeedEvent {
  __typename
  seq
  at
  actor {
    ...Someone
  }
  ... on MessagePosted {
    message {
      ...Said
    }
  }
  ... on MessageChanged {
    message {
      ...Said
    }
  }
  ... on CardPosted {
    card {
      ...Shown
    }
  }
  ... on CardChanged {
    card {
      ...Shown
    }
  }
  ... on ActionChanged {
    action {
      ...Run
    }
  }
  ... on MemberChanged {
    person {
      ...Someone
    }
    role
    added
  }
  ... on GrantChanged {
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
    role
    granted
    until
    end
  }
  ... on OrganizationChanged {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    change
  }
}
fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Around on Group {
  closed
  timeZone
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  members {
    person {
      ...Someone
    }
    role
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  roles {
    ...Playing
  }
  organizations {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
  grants {
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
    role
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    until
    grantedAt
    grantedBy {
      name
    }
  }
  asked(open: true) {
    ...Wanted
  }
  invitations(waiting: true) {
    id
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    invitedBy {
      ...Someone
    }
  }
}
fragment Wanted on AskedGrant {
  policy
  en: policyTitle(locale: en)
  zh: policyTitle(locale: zh_CN)
  role
  reason(locale: $locale)
  organization {
    id
  }
}
fragment Playing on ScenarioRole {
  name
  en: title(locale: en)
  zh: title(locale: zh_CN)
  creates
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Said on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
  revision
  editedAt
  cardId
  mentions {
    id
    name
  }
  replyTo {
    id
    seq
    text
    revision
    actor {
      ...Someone
    }
  }
}`) as unknown as TypedDocumentString<OpenedQuery, OpenedQueryVariables>;
export const PageDocument = new TypedDocumentString(`
    query Page($group: ID!, $before: Int!, $first: Int!, $locale: Locale!) {
  group(id: $group) {
    feed(before: $before, first: $first) {
      ...Happened
    }
  }
}
    fragment Run on ActionRun {
  id
  verb
  en: title(locale: en)
  zh: title(locale: zh_CN)
  status
  cardId
  begun {
    type
    key
  }
  userErrors {
    ...Wrong
  }
}
fragment Wrong on UserError {
  field
  code
  message
}
fragment Shown on Card {
  id
  type
  about {
    type
    key
  }
  begunBy {
    id
  }
  revision
  open
  to
  postedAt
  dueAt
  data
  en: summary(locale: en)
  zh: summary(locale: zh_CN)
  template {
    ref
  }
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  provenance {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    system
    en: systemTitle(locale: en)
    zh: systemTitle(locale: zh_CN)
    status
    asOf
    paths
    missing
  }
  withheld {
    path
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
  }
}
fragment Happened on FeedEvent {
  __typename
  seq
  at
  actor {
    ...Someone
  }
  ... on MessagePosted {
    message {
      ...Said
    }
  }
  ... on MessageChanged {
    message {
      ...Said
    }
  }
  ... on CardPosted {
    card {
      ...Shown
    }
  }
  ... on CardChanged {
    card {
      ...Shown
    }
  }
  ... on ActionChanged {
    action {
      ...Run
    }
  }
  ... on MemberChanged {
    person {
      ...Someone
    }
    role
    added
  }
  ... on GrantChanged {
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
    role
    granted
    until
    end
  }
  ... on OrganizationChanged {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    change
  }
}
fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Said on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
  revision
  editedAt
  cardId
  mentions {
    id
    name
  }
  replyTo {
    id
    seq
    text
    revision
    actor {
      ...Someone
    }
  }
}`) as unknown as TypedDocumentString<PageQuery, PageQueryVariables>;
export const FollowDocument = new TypedDocumentString(`
    subscription Follow($group: ID!, $after: Int!, $locale: Locale!) {
  groupFeed(groupId: $group, after: $after) {
    ...Happened
  }
}
    fragment Run on ActionRun {
  id
  verb
  en: title(locale: en)
  zh: title(locale: zh_CN)
  status
  cardId
  begun {
    type
    key
  }
  userErrors {
    ...Wrong
  }
}
fragment Wrong on UserError {
  field
  code
  message
}
fragment Shown on Card {
  id
  type
  about {
    type
    key
  }
  begunBy {
    id
  }
  revision
  open
  to
  postedAt
  dueAt
  data
  en: summary(locale: en)
  zh: summary(locale: zh_CN)
  template {
    ref
  }
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  provenance {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    system
    en: systemTitle(locale: en)
    zh: systemTitle(locale: zh_CN)
    status
    asOf
    paths
    missing
  }
  withheld {
    path
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
  }
}
fragment Happened on FeedEvent {
  __typename
  seq
  at
  actor {
    ...Someone
  }
  ... on MessagePosted {
    message {
      ...Said
    }
  }
  ... on MessageChanged {
    message {
      ...Said
    }
  }
  ... on CardPosted {
    card {
      ...Shown
    }
  }
  ... on CardChanged {
    card {
      ...Shown
    }
  }
  ... on ActionChanged {
    action {
      ...Run
    }
  }
  ... on MemberChanged {
    person {
      ...Someone
    }
    role
    added
  }
  ... on GrantChanged {
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
    role
    granted
    until
    end
  }
  ... on OrganizationChanged {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    change
  }
}
fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Said on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
  revision
  editedAt
  cardId
  mentions {
    id
    name
  }
  replyTo {
    id
    seq
    text
    revision
    actor {
      ...Someone
    }
  }
}`) as unknown as TypedDocumentString<FollowSubscription, FollowSubscriptionVariables>;
export const MeDocument = new TypedDocumentString(`
    query Me {
  me {
    ...Someone
  }
  administers {
    id
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`) as unknown as TypedDocumentString<MeQuery, MeQueryVariables>;
export const AroundDocument = new TypedDocumentString(`
    query Around($group: ID!, $locale: Locale!) {
  group(id: $group) {
    ...Around
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Around on Group {
  closed
  timeZone
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  members {
    person {
      ...Someone
    }
    role
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  roles {
    ...Playing
  }
  organizations {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
  grants {
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
    role
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    until
    grantedAt
    grantedBy {
      name
    }
  }
  asked(open: true) {
    ...Wanted
  }
  invitations(waiting: true) {
    id
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    invitedBy {
      ...Someone
    }
  }
}
fragment Wanted on AskedGrant {
  policy
  en: policyTitle(locale: en)
  zh: policyTitle(locale: zh_CN)
  role
  reason(locale: $locale)
  organization {
    id
  }
}
fragment Playing on ScenarioRole {
  name
  en: title(locale: en)
  zh: title(locale: zh_CN)
  creates
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`) as unknown as TypedDocumentString<AroundQuery, AroundQueryVariables>;
export const InboxDocument = new TypedDocumentString(`
    query Inbox($state: InboxState!, $locale: Locale!) {
  inbox(state: $state, first: 100) {
    more
    waiting
    wakesAt
    cards {
      until
      markedAt
      group {
        id
        name
        timeZone
        members {
          person {
            ...Someone
          }
        }
      }
      card {
        ...Shown
      }
    }
  }
}
    fragment Shown on Card {
  id
  type
  about {
    type
    key
  }
  begunBy {
    id
  }
  revision
  open
  to
  postedAt
  dueAt
  data
  en: summary(locale: en)
  zh: summary(locale: zh_CN)
  template {
    ref
  }
  actions(locale: $locale) {
    verb
    title
    form(extensions: ["Input.SizeGrid"])
  }
  closedActions(locale: $locale) {
    ...Closed
  }
  provenance {
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    system
    en: systemTitle(locale: en)
    zh: systemTitle(locale: zh_CN)
    status
    asOf
    paths
    missing
  }
  withheld {
    path
    organization {
      id
      en: name(locale: en)
      zh: name(locale: zh_CN)
    }
    policy
    en: policyTitle(locale: en)
    zh: policyTitle(locale: zh_CN)
  }
}
fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Closed on ClosedAction {
  verb
  title
  policy
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`) as unknown as TypedDocumentString<InboxQuery, InboxQueryVariables>;
export const SnoozeDocument = new TypedDocumentString(`
    mutation Snooze($card: ID!, $until: DateTime!) {
  snoozeCard(cardId: $card, until: $until) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<SnoozeMutation, SnoozeMutationVariables>;
export const FinishDocument = new TypedDocumentString(`
    mutation Finish($card: ID!) {
  finishCard(cardId: $card) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<FinishMutation, FinishMutationVariables>;
export const ReturnDocument = new TypedDocumentString(`
    mutation Return($card: ID!) {
  returnCard(cardId: $card) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<ReturnMutation, ReturnMutationVariables>;
export const PeopleDocument = new TypedDocumentString(`
    query People($group: ID, $search: String) {
  people(groupId: $group, search: $search) {
    ...Someone
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`) as unknown as TypedDocumentString<PeopleQuery, PeopleQueryVariables>;
export const EverybodyDocument = new TypedDocumentString(`
    query Everybody {
  groups {
    id
    name
    subject {
      type
      id
    }
    members {
      person {
        ...Someone
      }
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`) as unknown as TypedDocumentString<EverybodyQuery, EverybodyQueryVariables>;
export const AddMemberDocument = new TypedDocumentString(`
    mutation AddMember($group: ID!, $person: ID!, $role: String!) {
  addMember(groupId: $group, personId: $person, role: $role) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<AddMemberMutation, AddMemberMutationVariables>;
export const RemoveMemberDocument = new TypedDocumentString(`
    mutation RemoveMember($group: ID!, $person: ID!) {
  removeMember(groupId: $group, personId: $person) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<RemoveMemberMutation, RemoveMemberMutationVariables>;
export const InviteDocument = new TypedDocumentString(`
    mutation Invite($group: ID!, $organization: ID!) {
  inviteOrganization(groupId: $group, organizationId: $organization) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<InviteMutation, InviteMutationVariables>;
export const TakeBackDocument = new TypedDocumentString(`
    mutation TakeBack($invitation: ID!) {
  takeBackInvitation(id: $invitation) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<TakeBackMutation, TakeBackMutationVariables>;
export const SayDocument = new TypedDocumentString(`
    mutation Say($group: ID!, $text: String!, $key: String!, $replyTo: ID, $card: ID, $mentions: [ID!]!) {
  postMessage(
    groupId: $group
    text: $text
    key: $key
    replyTo: $replyTo
    cardId: $card
    mentions: $mentions
  ) {
    message {
      seq
    }
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<SayMutation, SayMutationVariables>;
export const EditDocument = new TypedDocumentString(`
    mutation Edit($group: ID!, $message: ID!, $text: String!, $mentions: [ID!]!, $seen: Int!) {
  editMessage(
    groupId: $group
    messageId: $message
    text: $text
    mentions: $mentions
    seen: $seen
  ) {
    message {
      ...Said
    }
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}
fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Said on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
  revision
  editedAt
  cardId
  mentions {
    id
    name
  }
  replyTo {
    id
    seq
    text
    revision
    actor {
      ...Someone
    }
  }
}`) as unknown as TypedDocumentString<EditMutation, EditMutationVariables>;
export const UnsayDocument = new TypedDocumentString(`
    mutation Unsay($group: ID!, $message: ID!) {
  deleteMessage(groupId: $group, messageId: $message) {
    message {
      ...Said
    }
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}
fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Said on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
  revision
  editedAt
  cardId
  mentions {
    id
    name
  }
  replyTo {
    id
    seq
    text
    revision
    actor {
      ...Someone
    }
  }
}`) as unknown as TypedDocumentString<UnsayMutation, UnsayMutationVariables>;
export const ThreadDocument = new TypedDocumentString(`
    query Thread($group: ID!, $card: ID, $message: ID, $before: Int, $first: Int!) {
  group(id: $group) {
    thread(cardId: $card, messageId: $message, before: $before, first: $first) {
      ...Said
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Said on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
  revision
  editedAt
  cardId
  mentions {
    id
    name
  }
  replyTo {
    id
    seq
    text
    revision
    actor {
      ...Someone
    }
  }
}`) as unknown as TypedDocumentString<ThreadQuery, ThreadQueryVariables>;
export const PreferencesDocument = new TypedDocumentString(`
    query Preferences {
  preferences {
    ...Preferred
  }
}
    fragment Preferred on Preferences {
  mutes {
    group {
      id
    }
    until
  }
  quietHours {
    from
    to
    days
    timeZone
  }
}`) as unknown as TypedDocumentString<PreferencesQuery, PreferencesQueryVariables>;
export const MuteDocument = new TypedDocumentString(`
    mutation Mute($group: ID!, $until: DateTime) {
  muteGroup(groupId: $group, until: $until) {
    preferences {
      ...Preferred
    }
  }
}
    fragment Preferred on Preferences {
  mutes {
    group {
      id
    }
    until
  }
  quietHours {
    from
    to
    days
    timeZone
  }
}`) as unknown as TypedDocumentString<MuteMutation, MuteMutationVariables>;
export const UnmuteDocument = new TypedDocumentString(`
    mutation Unmute($group: ID!) {
  unmuteGroup(groupId: $group) {
    preferences {
      ...Preferred
    }
  }
}
    fragment Preferred on Preferences {
  mutes {
    group {
      id
    }
    until
  }
  quietHours {
    from
    to
    days
    timeZone
  }
}`) as unknown as TypedDocumentString<UnmuteMutation, UnmuteMutationVariables>;
export const SetQuietHoursDocument = new TypedDocumentString(`
    mutation SetQuietHours($hours: QuietHoursInput) {
  setQuietHours(hours: $hours) {
    preferences {
      ...Preferred
    }
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}
fragment Preferred on Preferences {
  mutes {
    group {
      id
    }
    until
  }
  quietHours {
    from
    to
    days
    timeZone
  }
}`) as unknown as TypedDocumentString<SetQuietHoursMutation, SetQuietHoursMutationVariables>;
export const MyGroupsDocument = new TypedDocumentString(`
    subscription MyGroups {
  myGroups {
    all
    left
    groups {
      ...Listed
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Listed on Group {
  id
  name
  scenario
  closed
  head
  changedAt
  organizations {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
  reading {
    seq
    messages
    mentions
    firstMention
    answers
    forThem(first: 5) {
      ...Called
    }
    cards
    changes
    first
    more
    waiting
  }
}
fragment Called on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
}`) as unknown as TypedDocumentString<MyGroupsSubscription, MyGroupsSubscriptionVariables>;
export const PresenceDocument = new TypedDocumentString(`
    subscription Presence($group: ID!) {
  groupPresence(groupId: $group) {
    here {
      id
    }
    typing {
      ...Someone
    }
    seen {
      organization {
        id
        en: name(locale: en)
        zh: name(locale: zh_CN)
      }
      people {
        person {
          id
          name
        }
        seq
      }
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}`) as unknown as TypedDocumentString<PresenceSubscription, PresenceSubscriptionVariables>;
export const MarkReadDocument = new TypedDocumentString(`
    mutation MarkRead($group: ID!, $seq: Int!) {
  markRead(groupId: $group, seq: $seq) {
    group {
      ...Listed
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Listed on Group {
  id
  name
  scenario
  closed
  head
  changedAt
  organizations {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
  reading {
    seq
    messages
    mentions
    firstMention
    answers
    forThem(first: 5) {
      ...Called
    }
    cards
    changes
    first
    more
    waiting
  }
}
fragment Called on Message {
  id
  seq
  at
  actor {
    ...Someone
  }
  text
}`) as unknown as TypedDocumentString<MarkReadMutation, MarkReadMutationVariables>;
export const SetTypingDocument = new TypedDocumentString(`
    mutation SetTyping($group: ID!, $typing: Boolean!) {
  setTyping(groupId: $group, typing: $typing) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<SetTypingMutation, SetTypingMutationVariables>;
export const SearchGroupDocument = new TypedDocumentString(`
    query SearchGroup($group: ID!, $text: String!, $kind: SearchKind, $before: Int, $first: Int!, $locale: Locale!) {
  group(id: $group) {
    search(
      text: $text
      kind: $kind
      before: $before
      first: $first
      locale: $locale
    ) {
      ...Hit
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Hit on SearchHit {
  kind
  seq
  at
  group {
    id
    name
  }
  actor {
    ...Someone
  }
  snippet {
    text
    marked
  }
}`) as unknown as TypedDocumentString<SearchGroupQuery, SearchGroupQueryVariables>;
export const SearchAllDocument = new TypedDocumentString(`
    query SearchAll($text: String!, $first: Int!) {
  search(text: $text, first: $first) {
    ...Hit
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Hit on SearchHit {
  kind
  seq
  at
  group {
    id
    name
  }
  actor {
    ...Someone
  }
  snippet {
    text
    marked
  }
}`) as unknown as TypedDocumentString<SearchAllQuery, SearchAllQueryVariables>;
export const SearchCardsDocument = new TypedDocumentString(`
    query SearchCards($text: String!, $groups: [ID!], $locale: Locale!) {
  searchCards(text: $text, groups: $groups, locale: $locale) {
    hits {
      ...Hit
    }
    left
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Hit on SearchHit {
  kind
  seq
  at
  group {
    id
    name
  }
  actor {
    ...Someone
  }
  snippet {
    text
    marked
  }
}`) as unknown as TypedDocumentString<SearchCardsQuery, SearchCardsQueryVariables>;
export const SharedDocument = new TypedDocumentString(`
    query Shared($after: ID) {
  grants(inForce: true, first: 100, after: $after) {
    next
    grants {
      id
      group {
        ...Outline
      }
      policy
      en: policyTitle(locale: en)
      zh: policyTitle(locale: zh_CN)
      role
      until
      grantedAt
      grantedBy {
        ...Someone
      }
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Playing on ScenarioRole {
  name
  en: title(locale: en)
  zh: title(locale: zh_CN)
  creates
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Outline on GroupOutline {
  id
  name
  scenario {
    en: title(locale: en)
    zh: title(locale: zh_CN)
    roles {
      ...Playing
    }
  }
}`) as unknown as TypedDocumentString<SharedQuery, SharedQueryVariables>;
export const AskedDocument = new TypedDocumentString(`
    query Asked($after: ID, $locale: Locale!) {
  participations(closed: false, first: 100, after: $after) {
    next
    participations {
      since
      group {
        ...Outline
      }
      asked(open: true) {
        ...Wanted
      }
    }
  }
  invitations(first: 100) {
    id
    invitedAt
    invitedBy {
      ...Someone
    }
    group {
      ...Outline
    }
    roles {
      ...Playing
    }
    asked {
      ...Wanted
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Wanted on AskedGrant {
  policy
  en: policyTitle(locale: en)
  zh: policyTitle(locale: zh_CN)
  role
  reason(locale: $locale)
  organization {
    id
  }
}
fragment Playing on ScenarioRole {
  name
  en: title(locale: en)
  zh: title(locale: zh_CN)
  creates
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Outline on GroupOutline {
  id
  name
  scenario {
    en: title(locale: en)
    zh: title(locale: zh_CN)
    roles {
      ...Playing
    }
  }
}`) as unknown as TypedDocumentString<AskedQuery, AskedQueryVariables>;
export const GrantDocument = new TypedDocumentString(`
    mutation Grant($group: ID!, $policy: String!, $role: String!, $until: DateTime) {
  grant(groupId: $group, policy: $policy, role: $role, until: $until) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<GrantMutation, GrantMutationVariables>;
export const WithdrawDocument = new TypedDocumentString(`
    mutation Withdraw($group: ID!, $policy: String!, $role: String!) {
  withdraw(groupId: $group, policy: $policy, role: $role) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<WithdrawMutation, WithdrawMutationVariables>;
export const AcceptGrantsDocument = new TypedDocumentString(`
    mutation AcceptGrants($group: ID!, $accept: AcceptGrantsInput!) {
  acceptGrants(groupId: $group, accept: $accept) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<AcceptGrantsMutation, AcceptGrantsMutationVariables>;
export const AcceptInvitationDocument = new TypedDocumentString(`
    mutation AcceptInvitation($invitation: ID!, $members: [MemberInput!]!, $accept: AcceptGrantsInput) {
  acceptInvitation(id: $invitation, members: $members, accept: $accept) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<AcceptInvitationMutation, AcceptInvitationMutationVariables>;
export const DeclineInvitationDocument = new TypedDocumentString(`
    mutation DeclineInvitation($invitation: ID!) {
  declineInvitation(id: $invitation) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<DeclineInvitationMutation, DeclineInvitationMutationVariables>;
export const LeaveGroupDocument = new TypedDocumentString(`
    mutation LeaveGroup($group: ID!) {
  leaveGroup(groupId: $group) {
    userErrors {
      ...Wrong
    }
  }
}
    fragment Wrong on UserError {
  field
  code
  message
}`) as unknown as TypedDocumentString<LeaveGroupMutation, LeaveGroupMutationVariables>;
export const LogChoicesDocument = new TypedDocumentString(`
    query LogChoices {
  policies {
    name
    en: title(locale: en)
    zh: title(locale: zh_CN)
  }
  participations(first: 100) {
    participations {
      group {
        ...Outline
      }
    }
  }
  people {
    ...Someone
  }
  groups {
    members {
      person {
        ...Someone
      }
    }
  }
}
    fragment Someone on Person {
  id
  name
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Playing on ScenarioRole {
  name
  en: title(locale: en)
  zh: title(locale: zh_CN)
  creates
  organization {
    id
    en: name(locale: en)
    zh: name(locale: zh_CN)
  }
}
fragment Outline on GroupOutline {
  id
  name
  scenario {
    en: title(locale: en)
    zh: title(locale: zh_CN)
    roles {
      ...Playing
    }
  }
}`) as unknown as TypedDocumentString<LogChoicesQuery, LogChoicesQueryVariables>;
export const AccessLogDocument = new TypedDocumentString(`
    query AccessLog($organization: ID!, $filter: AccessLogFilter, $before: String, $locale: Locale!) {
  accessLog(
    organization: $organization
    filter: $filter
    before: $before
    first: 50
  ) {
    cursor
    more
    head {
      seq
      hash
    }
    lines {
      seq
      at
      kind
      organization {
        id
        en: name(locale: en)
        zh: name(locale: zh_CN)
      }
      person
      who {
        name
      }
      group
      role
      policies
      operation {
        name
      }
      card {
        type
      }
      action {
        attempt
        field
        title(locale: $locale)
        outcome
        codes
      }
      fields
      moreFields
      entities {
        type
        key
      }
      moreEntities
      hash
    }
  }
}
    `) as unknown as TypedDocumentString<AccessLogQuery, AccessLogQueryVariables>;