// What the resolvers of the groups subgraph are given for one operation: who asks, the store, and what other
// parts of the gateway do for them.
import type { Explanation } from "../access/explain.ts";
import type { AccessReader } from "../access-log/store.ts";
import type { UserError } from "./input.ts";
import type { ActionRow, CardRow, Groups } from "./store.ts";

export type { UserError } from "./input.ts";

export interface GroupsContext {
  readonly groups: Groups;
  readonly accessLog: AccessReader;
  readonly viewer: GroupsViewer;
  /** By id. */
  readonly organizations: ReadonlyMap<string, OrganizationEntry>;
  /** By name. */
  readonly scenarios: ReadonlyMap<string, Scenario>;
  /** Joins the card for this viewer, in the card's own group; the same promise for the same card within one operation. */
  openCard(card: CardRow): Promise<CardEnvelope>;
  /** Cards of any groups of the person who asks, each as its own group may see it; null: they are not in it any more. */
  openCards(cards: readonly CardRow[]): Promise<readonly (CardEnvelope | null)[]>;
  /** Actions that begin something new in the group and that this viewer may take. */
  groupActions(groupId: string, locale: string): Promise<readonly ActionView[]>;
  /** Those that this viewer may not take. */
  closedActions(groupId: string, locale: string): Promise<readonly ClosedActionView[]>;
  /** What an app calls its action; undefined: no app has it. */
  actionTitle(verb: string, locale: string): string | undefined;
  act(input: ActInput): Promise<ActResult>;
  /** Tells who else is here that a member is writing, or has left off. */
  setTyping(groupId: string, person: string, typing: boolean): void;
  /** Why a person sees a field, `Type.field`. @throws JuntoError BAD_USER_INPUT, NOT_FOUND */
  explain(input: {
    readonly field: string;
    readonly groupId: string | null;
    readonly person: string;
  }): Promise<Explanation & { readonly role: string | null }>;
}

export interface GroupsViewer {
  readonly organization: string;
  /** Null: a push, made for an audience in `groupId`. */
  readonly person: string | null;
  readonly groupId: string | null;
  readonly role: string | null;
  /** What they are in their own organization; `admin`: they administer it. */
  readonly organizationRoles: readonly string[];
}

export interface OrganizationEntry {
  readonly name: Texts;
  /** The policies that it owns, by name. */
  readonly policies: ReadonlyMap<string, { readonly title: Texts }>;
  /** What people call its systems, by their subgraphs; of one that has no title there is none. */
  readonly systems: ReadonlyMap<string, Texts>;
}

/** A kind of group. */
export interface Scenario {
  readonly name: string;
  readonly title: Texts;
  /** Type of the entity that the group is about. */
  readonly subject: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly roles: readonly ScenarioRole[];
  /** What it asks the organizations to share, by role. */
  readonly asked: readonly AskedGrant[];
}

export interface ScenarioRole {
  readonly name: string;
  readonly title: Texts;
  /** Only its people can have the role; nothing: anyone's. */
  readonly organization?: string;
  /** Who makes a group of this kind is in it as this; who has it manages the group. */
  readonly creates: boolean;
}

export interface AskedGrant {
  readonly policy: string;
  /** Owner of the policy. */
  readonly organization: string;
  readonly role: string;
  readonly reason: Texts;
}

/** By locale, `en` always. */
export type Texts = Readonly<Record<string, string>>;

/** A card as it comes out for a viewer. Locales are `en` and `zh-CN`. */
export interface CardEnvelope {
  readonly revision: number;
  readonly templateRef: string;
  template(locale: string): unknown;
  readonly data: unknown;
  summary(locale: string): string;
  actions(locale: string): readonly ActionView[];
  /** When it is due for this viewer; null: it is not, or they may not know. */
  readonly due: Date | null;
  /** What could be done with it now, but not by this viewer. */
  closedActions(locale: string): readonly ClosedActionView[];
  readonly provenance: readonly ProvenanceEntry[];
  readonly withheld: readonly {
    readonly path: string;
    readonly organization: string;
    readonly policy: string | null;
  }[];
  adaptiveCard(locale: string): unknown;
}

export interface ActionView {
  readonly verb: string;
  readonly title: string;
  /** Its form, for a client that knows these extensions of Adaptive Cards; null: nothing to fill in. */
  readonly form: ((extensions: ReadonlySet<string>) => unknown) | null;
}

export interface ClosedActionView {
  readonly verb: string;
  readonly title: string;
  /** Who decides about it. */
  readonly organization: string;
  /** A grant of it would open the action; null: none would. */
  readonly policy: string | null;
}

export interface ProvenanceEntry {
  readonly organization: string;
  readonly system: string;
  readonly status: "OK" | "PARTIAL" | "AWAY";
  readonly asOf: Date;
  /** What it gives; below a path everything for which no other system is named. */
  readonly paths: readonly string[];
  /** Of that, what it did not give. */
  readonly missing: readonly string[];
}

/** An action that a member wants to take. The form of everything in it has been checked, its meaning has not. */
export interface ActInput {
  readonly groupId: string;
  readonly person: string;
  readonly verb: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly key: string;
  /** A card of this group. */
  readonly card: CardRow | null;
  readonly seen: number | null;
}

export interface ActResult {
  readonly action: ActionRow | null;
  readonly card: CardRow | null;
  readonly userErrors: readonly UserError[];
}
