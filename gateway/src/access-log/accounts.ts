// Takes down what a run asks of whose system: for each owner one line of what others were given, begun when the last of
// its requests is on its way or back; for each action a line before it is sent and one with its outcome.
import { randomUUID } from "node:crypto";
import type { Requirements } from "../access/requirements.ts";
import { JuntoError } from "../errors/index.ts";
import type { Account, Accounts, OnBehalf, PlanAccount } from "../execute/account.ts";
import type { Fetch, FetchRequest, SubgraphAnswer } from "../execute/fetch-request.ts";
import { entitiesIn, type EntityKeys, type EntityRef } from "../execute/keys.ts";
import { canonicalJson } from "../json/canonical.ts";
import type { Operation } from "../operation/prepare.ts";
import type { Plan } from "../plan/plan.ts";
import { endOf, type Ending } from "./ending.ts";
import { readPlan, type Asked, type AskedByPlan, type Facts } from "./asked.ts";
import { bounded, type LineDraft } from "./line.ts";
import { createNamed } from "./named.ts";
import { createReadings, noteEntities, noteFields, type Reading } from "./readings.ts";
import type { Writer } from "./writer.ts";

export interface AccountsParts extends Facts {
  readonly supergraph: Facts["supergraph"] & {
    readonly keysOf: (subgraph: string, entity: string) => readonly string[];
    readonly entities: EntityKeys;
  };
  readonly requirements: Pick<Requirements, "of" | "held">;
  readonly write: Writer["write"];
}

export function createAccounts(parts: AccountsParts): Accounts {
  const known = new WeakMap<Plan, PlanAccount>();
  const named = createNamed(parts.supergraph.keysOf);
  return {
    of(plan) {
      let account = known.get(plan);
      if (!account) known.set(plan, (account = accountOf(readPlan(plan, parts), { ...parts, named })));
      return account;
    },
  };
}

type Tools = AccountsParts & { readonly named: ReturnType<typeof createNamed> };

function accountOf(asked: AskedByPlan, tools: Tools): PlanAccount {
  const acts = asked.all.some(({ isAction }) => isAction);
  const owners = [...new Set(asked.all.map(({ owner }) => owner))];
  return {
    concerns: ({ organization }) => acts || owners.some((owner) => owner !== organization),
    open: (onBehalf, operation) => openAccount(asked, onBehalf, operation, tools),
  };
}

function openAccount(asked: AskedByPlan, onBehalf: OnBehalf, operation: Operation, tools: Tools): Account {
  const { viewer } = onBehalf;
  const { entities } = tools.supergraph;
  const lines: Promise<void>[] = [];
  let outcomeLost = false;

  /** What fails is for `settled` to say. */
  const write = (drafts: readonly LineDraft[]): Promise<void> => {
    const written = tools.write(drafts);
    written.catch(() => undefined);
    lines.push(written);
    return written;
  };

  const readings = createReadings(asked, (owner, reading) => {
    void write([readLine(owner, reading, onBehalf, operation)]);
  });

  async function read<C>(about: Asked, request: FetchRequest<C>, send: Fetch<C>) {
    const reading = readings.of(about.owner);
    noteFields(reading, about, tools.requirements.held(request.subgraph, viewer).policies);
    if (about.keyVariables.length > 0)
      noteEntities(reading, tools.named(request.subgraph, request.variables, about.keyVariables));
    if (!about.answersKeys) {
      readings.isKnown(about.owner, reading);
      return send(request);
    }
    try {
      const answer = await send(request);
      noteEntities(reading, {
        entities: entitiesIn({ data: answer.data, shared: NONE }, entities),
        unnamed: 0,
      });
      return answer;
    } finally {
      readings.isKnown(about.owner, reading);
    }
  }

  async function act<C>(about: Asked, request: FetchRequest<C>, send: Fetch<C>): Promise<SubgraphAnswer> {
    const action = beginAction(
      about,
      onBehalf,
      operation,
      tools.requirements.held(request.subgraph, viewer).policies,
    );
    await write(action.begun());
    let answer: SubgraphAnswer | null = null;
    try {
      return (answer = await send(request));
    } finally {
      const shown = answer ? entitiesIn({ data: answer.data, shared: NONE }, entities) : [];
      write(action.ended(answer, shown)).catch(() => (outcomeLost = true));
    }
  }

  return {
    async fetch(request, send) {
      const about = asked.of(request.subgraph, request.operation);
      if (about?.isAction) return act(about, request, send);
      return about && about.owner !== viewer.organization ? read(about, request, send) : send(request);
    },
    async settled() {
      readings.finish();
      try {
        await Promise.all(lines);
      } catch (error) {
        throw outcomeLost ? sentAnyway(error) : error;
      }
    },
  };
}

const NONE: ReadonlySet<unknown> = new Set();

function sentAnyway(cause: unknown): JuntoError {
  return new JuntoError(
    "UNAVAILABLE",
    "It was sent to the organization's system, but how it came out cannot be written to the access log now. Send it again with the same key.",
    { cause, details: { sent: true } },
  );
}

function readLine(owner: string, reading: Reading, onBehalf: OnBehalf, operation: Operation): LineDraft {
  return {
    ...saidOf(onBehalf, operation),
    owner,
    at: reading.at,
    kind: "READ",
    policies: [...reading.policies].sort(),
    action: null,
    ...bounded(reading.fields, reading.entities.values(), reading.unnamed),
  };
}

/** The lines of one mutation that is sent: a line for each of its fields, before and after. */
function beginAction(asked: Asked, onBehalf: OnBehalf, operation: Operation, held: readonly string[]) {
  const said = {
    ...saidOf(onBehalf, operation),
    owner: asked.owner,
    policies: asked.policies.filter((policy) => held.includes(policy)),
  };
  const { run = null, verb = null, about = null } = onBehalf.occasion?.action ?? {};
  const fields = [...asked.roots].map(([key, field]) => ({ key, field, attempt: randomUUID() }));
  const concerned = about ? [about] : [];
  const lines = (
    kind: "ACTION_BEGUN" | "ACTION_ENDED",
    entities: readonly EntityRef[],
    endings: (key: string) => Ending,
  ): LineDraft[] =>
    fields.map(({ key, field, attempt }) => ({
      ...said,
      at: new Date().toISOString(),
      kind,
      action: { attempt, field, run, verb, ...endings(key) },
      ...bounded(asked.fields, entities, 0),
    }));
  return {
    begun: () => lines("ACTION_BEGUN", concerned, () => ({ outcome: null, codes: [] })),
    ended: (answer: SubgraphAnswer | null, shown: readonly EntityRef[]) => {
      const all = new Map([...concerned, ...shown].map((entity) => [canonicalJson(entity), entity]));
      return lines("ACTION_ENDED", [...all.values()], (key) => endOf(answer, key));
    },
  };
}

function saidOf({ viewer, occasion }: OnBehalf, { name, digest }: Operation) {
  return {
    v: 1,
    organization: viewer.organization,
    person: viewer.person?.id ?? null,
    group: viewer.group?.id ?? null,
    role: viewer.group?.role ?? null,
    operation: { name: name?.slice(0, LONGEST_NAME) ?? null, digest },
    card: occasion?.card ?? null,
  } as const;
}

const LONGEST_NAME = 100;
