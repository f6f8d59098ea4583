// What an app is once it is loaded and found to be in order. See docs in schema/apps/README.md.
import type { CompiledExpression, CompiledText, Messages, Template } from "@junto/template";
import type { Form } from "./form.ts";
import type { Fragment, Mutation } from "./fragment.ts";

export interface App {
  readonly name: string;
  /** By their names within the app. */
  readonly cards: ReadonlyMap<string, CardType>;
  readonly actions: ReadonlyMap<string, ActionType>;
  readonly rules: readonly Rule[];
  readonly messages: Messages;
}

export interface CardType {
  readonly app: string;
  readonly name: string;
  /** `<app>.<name>`: what `Card.type` says. */
  readonly id: string;
  /** The entity type that it is about. */
  readonly on: string;
  readonly fragment: Fragment;
  readonly template: Template;
  /** One line of plain text; see `summaryOf`. */
  readonly summary: CompiledText;
  /** Over the card's data and `$postedAt`: the instant when it is due. None: it never is. */
  readonly due: CompiledExpression | undefined;
  readonly messages: Messages;
  /** What may be done with it, in the order of app.yaml. */
  readonly actions: readonly ActionType[];
}

export interface ActionType {
  readonly app: string;
  readonly name: string;
  /** `<app>.<name>`: what `act` is called with. */
  readonly verb: string;
  /** `group`: begins something new, offered by the group. `card`: is done with a card. */
  readonly scope: "group" | "card";
  /** Over the card's data: whether it can be done now. None: always. */
  readonly when: CompiledExpression | undefined;
  /** Field of the input ▸ what it is filled in with. */
  readonly bind: ReadonlyMap<string, CompiledExpression>;
  /** None: there is nothing to fill in. */
  readonly form: Form | undefined;
  readonly mutation: Mutation;
  readonly messages: Messages;
}

/** Posts a card when something changes. */
export interface Rule {
  readonly app: string;
  readonly when: { readonly entity: string; readonly kind: ChangeKind };
  readonly card: CardType;
  /** Roles to which the card is addressed. */
  readonly to: readonly string[];
  /**
   * What is looked at in a group instead of the changed entity alone, for changes that do not say to which subject
   * they belong: the subject's data, and the list in it in which the entity is looked for.
   */
  readonly watch: { readonly fragment: Fragment; readonly each: CompiledExpression } | undefined;
  /** Over the entity's data as `as` sees it: the card's, or with a watch that of the item in the list. */
  readonly condition: CompiledExpression | undefined;
  /** The role with whose rights the condition is looked at. */
  readonly as: string | undefined;
  /** Not again while the group has an open card of this type about this entity. */
  readonly once: boolean;
}

export const CHANGE_KINDS = ["CREATED", "UPDATED", "DELETED"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];
