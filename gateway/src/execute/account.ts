// What is taken down of a plan while it runs: whose system was asked for what, and what was done there. The port between
// the engine and the access log.
import type { Viewer } from "../access/viewer.ts";
import type { Plan } from "../plan/plan.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Fetch, FetchRequest, SubgraphAnswer } from "./fetch-request.ts";
import type { EntityRef } from "./keys.ts";

/** What a reading or an action was for, beside its operation. */
export interface Occasion {
  /** `id`: null when a rule looks, before there is a card. */
  readonly card?: { readonly id: string | null; readonly type: string };
  readonly action?: { readonly run: string; readonly verb: string; readonly about: EntityRef | null };
}

/** For whom and for what a plan is run. */
export interface OnBehalf {
  readonly viewer: Viewer;
  readonly occasion?: Occasion | undefined;
}

export interface Accounts {
  /** Of a plan, once. */
  of(plan: Plan): PlanAccount;
}

export interface PlanAccount {
  /** Whether, for this viewer, the plan leads to anything that is to be taken down. */
  concerns(viewer: Viewer): boolean;
  /** Begins what is taken down of one run of the plan. */
  open(onBehalf: OnBehalf, operation: Operation): Account;
}

export interface Account {
  /** Sends a request of the plan. A write is sent when it has been taken down that it will be. */
  fetch<C>(request: FetchRequest<C>, send: Fetch<C>): Promise<SubgraphAnswer>;
  /** Resolves when all of it has been taken down. @throws JuntoError UNAVAILABLE: then nothing may be shown */
  settled(): Promise<void>;
}
