// What a person has said or done, until it is known what became of it. Each intention has one key, kept over lost
// answers, lost connections and reloads: however often it is sent, it happens once.
import {
  ActDocument,
  EditDocument,
  SayDocument,
  UnsayDocument,
  type ActMutation,
  type EditMutation,
  type SayMutation,
} from "../generated/graphql.ts";
import { problemOf, type Connection } from "./connection.ts";
import type { AskProblem } from "./errors.ts";
import { createStore, type Watched } from "./store.ts";
import type { Storage } from "./storage.ts";
import type { Locale } from "./types.ts";

export type Intention =
  | {
      readonly kind: "say";
      readonly group: string;
      readonly text: string;
      /** Persons. */
      readonly mentions: readonly string[];
      /** A message that it answers. */
      readonly replyTo: string | null;
      /** A card in whose thread it is said. */
      readonly card: string | null;
    }
  | {
      readonly kind: "edit";
      readonly group: string;
      readonly message: string;
      readonly text: string;
      readonly mentions: readonly string[];
      /** The revision that the person saw. */
      readonly seen: number;
    }
  | { readonly kind: "unsay"; readonly group: string; readonly message: string }
  | {
      readonly kind: "act";
      readonly group: string;
      readonly verb: string;
      readonly input: Readonly<Record<string, unknown>>;
      readonly card: string | null;
      /** The revision that the person saw. */
      readonly seen: number | null;
    };

export interface Sending {
  readonly key: string;
  readonly intention: Intention;
  /** When the person did it; RFC 3339. */
  readonly at: string;
  /** It was sent and not answered: it may have happened, and will be sent again. */
  readonly tries: number;
}

export type Outcome =
  | { readonly kind: "said"; readonly payload: SayMutation["postMessage"] }
  | { readonly kind: "changed"; readonly payload: EditMutation["editMessage"] }
  | { readonly kind: "acted"; readonly payload: ActMutation["act"] }
  /** The gateway answered, and not with a payload: sending it again would not help. */
  | { readonly kind: "problem"; readonly problem: AskProblem };

export interface Outbox {
  /** The oldest first. */
  readonly waiting: Watched<readonly Sending[]>;
  /**
   * Sends it, or does nothing when the same is on its way already: then its key comes back. An edit takes the place of one
   * of the same message that was not sent yet.
   */
  send(intention: Intention): string;
  /** Tries again now: the machine is online, or the person has signed in. */
  retry(): void;
  close(): void;
}

export interface OutboxOptions {
  readonly connection: Connection;
  readonly storage: Storage;
  readonly owner: string;
  readonly locale: () => Locale;
  /** How far a group's feed is; told with the outcome as it was when the intention was sent. */
  readonly position: (group: string) => number;
  readonly onOutcome: (sending: Sending, outcome: Outcome, position: number) => void;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 15_000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { connection, storage, owner, onOutcome } = options;
  const place = `junto:${owner}:outbox`;
  const waiting = createStore<readonly Sending[]>(readKept(storage.read(place)));
  let running = false;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function keep(next: readonly Sending[]): void {
    waiting.set(next);
    storage.write(place, next.length === 0 ? undefined : next);
  }

  /** One after the other: what was said first is heard first. */
  async function run(): Promise<void> {
    if (running) return;
    running = true;
    clearTimeout(timer);
    while (await sendFirst());
    running = false;
  }

  /** Whether there may be another to send now. */
  async function sendFirst(): Promise<boolean> {
    const first = waiting.get()[0];
    if (closed || !first) return false;
    const sending = { ...first, tries: first.tries + 1 };
    keep(waiting.get().with(0, sending));
    const position = options.position(sending.intention.group);
    const outcome = await outcomeOf(sending);
    if (closed) return false;
    if (outcome === "unknown") {
      timer = setTimeout(() => void run(), Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (sending.tries - 1)));
      return false;
    }
    keep(waiting.get().filter(({ key }) => key !== sending.key));
    onOutcome(sending, outcome, position);
    return true;
  }

  async function outcomeOf({ key, intention }: Sending): Promise<Outcome | "unknown"> {
    try {
      return await carryOut(key, intention);
    } catch (error) {
      const { kind, message } = problemOf(error);
      if (kind === "AWAY" || kind === "TOKEN_REFUSED" || kind === "SIGNED_OUT") return "unknown";
      return { kind: "problem", problem: { kind, message } };
    }
  }

  async function carryOut(key: string, intention: Intention): Promise<Outcome> {
    switch (intention.kind) {
      case "say":
        return {
          kind: "said",
          payload: (await connection.ask(SayDocument, { ...intention, key })).postMessage,
        };
      case "edit":
        return { kind: "changed", payload: (await connection.ask(EditDocument, intention)).editMessage };
      case "unsay":
        return { kind: "changed", payload: (await connection.ask(UnsayDocument, intention)).deleteMessage };
      case "act": {
        const variables = { ...intention, key, locale: options.locale() };
        return { kind: "acted", payload: (await connection.ask(ActDocument, variables)).act };
      }
    }
  }

  void run();
  return {
    waiting,
    send(intention) {
      const same = waiting.get().find((each) => isSame(each.intention, intention));
      if (same) return same.key;
      const key = crypto.randomUUID();
      const { rest, next } = after(waiting.get(), intention);
      keep([...rest, { key, intention: next, at: new Date().toISOString(), tries: 0 }]);
      void run();
      return key;
    },
    retry: () => void run(),
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** One verb on one card, or the deletion of one message, is one intention, however often it is clicked. */
function isSame(a: Intention, b: Intention): boolean {
  if (a.kind === "act" && b.kind === "act")
    return a.group === b.group && a.verb === b.verb && a.card === b.card;
  return a.kind === "unsay" && b.kind === "unsay" && a.message === b.message;
}

/**
 * What waits, and what is to be sent, when a message is changed again before the last change of it is known to be done:
 * one that was not sent yet gives way; one that may have been is what the person has seen.
 */
function after(
  waiting: readonly Sending[],
  next: Intention,
): { readonly rest: readonly Sending[]; readonly next: Intention } {
  if (next.kind !== "edit" && next.kind !== "unsay") return { rest: waiting, next };
  const isOfIt = ({ intention }: Sending): boolean =>
    intention.kind === "edit" && intention.message === next.message;
  const rest = waiting.filter((each) => each.tries > 0 || !isOfIt(each));
  if (next.kind === "unsay") return { rest, next };
  const sent = rest.filter(isOfIt).length;
  const [first] = waiting.filter(isOfIt);
  const seen = first?.intention.kind === "edit" ? first.intention.seen : next.seen;
  return { rest, next: { ...next, seen: seen + sent } };
}

const KINDS: ReadonlySet<string> = new Set(["say", "edit", "unsay", "act"] satisfies Intention["kind"][]);

/** What was kept may be of another version. */
function readKept(kept: unknown): readonly Sending[] {
  if (!Array.isArray(kept)) return [];
  return kept.filter((each: Partial<Sending> | null): each is Sending => {
    return (
      KINDS.has(String(each?.intention?.kind)) &&
      typeof each?.key === "string" &&
      typeof each.tries === "number"
    );
  });
}
