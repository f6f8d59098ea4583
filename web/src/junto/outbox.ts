// What a person has said or done, until it is known what became of it. Each intention has one key, kept over lost
// answers, lost connections and reloads: however often it is sent, it happens once.
import { ActDocument, SayDocument, type ActMutation, type SayMutation } from "../generated/graphql.ts";
import { problemOf, type Connection } from "./connection.ts";
import type { AskProblem } from "./errors.ts";
import { createStore, type Watched } from "./store.ts";
import type { Storage } from "./storage.ts";
import type { Locale } from "./types.ts";

export type Intention =
  | { readonly kind: "say"; readonly group: string; readonly text: string }
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
  | { readonly kind: "acted"; readonly payload: ActMutation["act"] }
  /** The gateway answered, and not with a payload: sending it again would not help. */
  | { readonly kind: "problem"; readonly problem: AskProblem };

export interface Outbox {
  /** The oldest first. */
  readonly waiting: Watched<readonly Sending[]>;
  /** Sends it, or does nothing when the same is on its way already: then its key comes back. */
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
      const { group } = intention;
      if (intention.kind === "say") {
        const { postMessage } = await connection.ask(SayDocument, { group, text: intention.text, key });
        return { kind: "said", payload: postMessage };
      }
      const { verb, input, card, seen } = intention;
      const variables = { group, verb, input, key, card, seen, locale: options.locale() };
      return { kind: "acted", payload: (await connection.ask(ActDocument, variables)).act };
    } catch (error) {
      const { kind, message } = problemOf(error);
      if (kind === "AWAY" || kind === "TOKEN_REFUSED" || kind === "SIGNED_OUT") return "unknown";
      return { kind: "problem", problem: { kind, message } };
    }
  }

  void run();
  return {
    waiting,
    send(intention) {
      const same = waiting
        .get()
        .find((each) => intention.kind === "act" && isSame(each.intention, intention));
      if (same) return same.key;
      const key = crypto.randomUUID();
      keep([...waiting.get(), { key, intention, at: new Date().toISOString(), tries: 0 }]);
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

/** One verb on one card is one intention, however often it is clicked. */
function isSame(a: Intention, b: Intention): boolean {
  return (
    a.kind === "act" && b.kind === "act" && a.group === b.group && a.verb === b.verb && a.card === b.card
  );
}

/** What was kept may be of another version. */
function readKept(kept: unknown): readonly Sending[] {
  if (!Array.isArray(kept)) return [];
  return kept.filter((each: Partial<Sending> | null): each is Sending => {
    const known = each?.intention?.kind === "say" || each?.intention?.kind === "act";
    return known && typeof each?.key === "string" && typeof each.tries === "number";
  });
}
