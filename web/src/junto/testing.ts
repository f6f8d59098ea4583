// For tests of this library: a connection whose answers the test gives, and events as the feed gives them.
import type { Connection, Sink } from "./connection.ts";
import { AskError, type AskProblemKind } from "./errors.ts";
import type { Card, FeedEvent, Message, Person } from "./types.ts";

interface Question {
  readonly operation: string;
  readonly variables: Readonly<Record<string, unknown>>;
  answer(data: unknown): void;
  fail(kind: AskProblemKind): void;
}

interface Following {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly sink: Sink<{ readonly groupFeed: FeedEvent }>;
  stopped: boolean;
}

export interface ScriptedConnection extends Connection {
  /** Questions that wait for an answer, the oldest first. */
  readonly questions: Question[];
  /** Every subscription there was. */
  readonly followings: Following[];
  renewal: "works" | AskProblemKind;
  renewed: number;
}

export function scriptedConnection(): ScriptedConnection {
  const connection: ScriptedConnection = {
    questions: [],
    followings: [],
    renewal: "works",
    renewed: 0,
    ask: (document, variables) =>
      new Promise((resolve, reject) => {
        const operation = /(?:query|mutation) (\w+)/.exec(String(document))![1]!;
        const question: Question = {
          operation,
          variables: variables as Record<string, unknown>,
          answer: (data) => resolve(data as never),
          fail: (kind) => reject(new AskError(kind, kind)),
        };
        connection.questions.push(question);
      }),
    follow(_document, variables, sink) {
      const following: Following = {
        variables: variables as Record<string, unknown>,
        sink: sink as unknown as Following["sink"],
        stopped: false,
      };
      connection.followings.push(following);
      return () => void (following.stopped = true);
    },
    async renew() {
      connection.renewed++;
      if (connection.renewal !== "works") throw new AskError(connection.renewal, connection.renewal);
    },
  };
  return connection;
}

const AT = "2026-11-23T05:29:00Z";

const LIN: Person = {
  id: "mall:lin",
  name: "林静",
  organization: { id: "mall", en: "Harbour Mall", zh: "海港商场" },
};

export function message(seq: number, text = `message ${seq}`): FeedEvent {
  return { __typename: "MessagePosted", seq, at: AT, actor: LIN, message: said(seq, { text }) };
}

/** The message that was said at `of` is another one now. */
export function changedMessage(seq: number, of: number, more: Partial<Message>): FeedEvent {
  return {
    __typename: "MessageChanged",
    seq,
    at: AT,
    actor: LIN,
    message: said(of, { revision: 2, ...more }),
  };
}

export function said(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    seq,
    at: AT,
    actor: LIN,
    text: `message ${seq}`,
    revision: 1,
    editedAt: null,
    cardId: null,
    mentions: [],
    replyTo: null,
    ...more,
  };
}

export function cardEvent(
  seq: number,
  revision: number,
  typename: "CardPosted" | "CardChanged" = "CardChanged",
  more: Partial<Card> = {},
): FeedEvent {
  return { __typename: typename, seq, at: "2026-11-23T05:29:00Z", actor: LIN, card: card(revision, more) };
}

export function card(revision: number, more: Partial<Card> = {}): Card {
  return {
    id: "c1",
    type: "restock.order",
    about: { type: "RestockOrder", key: { id: "R1" } },
    begunBy: null,
    revision,
    open: true,
    to: ["manager"],
    postedAt: "2026-11-23T05:29:00Z",
    dueAt: null,
    data: { revision },
    en: `Restock, revision ${revision}`,
    zh: `补货，第 ${revision} 版`,
    template: { ref: "t" },
    actions: [],
    closedActions: [],
    provenance: [],
    withheld: [],
    ...more,
  };
}

export function runEvent(seq: number, status: "PENDING" | "DONE" | "REFUSED" | "FAILED"): FeedEvent {
  const action = {
    id: "r1",
    verb: "restock.approve",
    en: "Approve",
    zh: "批准",
    status,
    cardId: "c1",
    begun: [],
    userErrors: [],
  };
  return { __typename: "ActionChanged", seq, at: "2026-11-23T05:29:00Z", actor: LIN, action };
}
