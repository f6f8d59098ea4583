// The receiving side of the test gateway: verifies deliveries of changes, keeps them, tells who waits for them.
import { createRemoteJWKSet, decodeJwt, jwtVerify, type JWTVerifyGetKey } from "jose";
import { digestOf } from "../keys.ts";
import type { Change, SubjectKey } from "../types.ts";
import type { Receive } from "./listen.ts";

/** A change as the gateway has it. */
export interface ReceivedChange extends Change {
  readonly id: string;
  readonly time: string;
  readonly subjects: readonly SubjectKey[];
  /** Name of the subgraph. */
  readonly subgraph: string;
}

type Answer = number | ((batch: readonly ReceivedChange[]) => number | undefined) | undefined;

export interface Inbox {
  /** What the gateway calls itself. */
  audience: string;
  readonly changes: readonly ReceivedChange[];
  readonly know: (subgraph: string, origin: string) => void;
  readonly change: (fits: (change: ReceivedChange) => boolean) => Promise<ReceivedChange>;
  readonly forget: () => void;
  readonly answer: (answer: Answer) => void;
  readonly refused: () => Promise<number>;
  readonly receive: Receive;
}

const patience = 10_000;

export function createInbox(): Inbox {
  const changes: ReceivedChange[] = [];
  const ids = new Set<string>();
  const keys = new Map<string, { readonly origin: string; readonly get: JWTVerifyGetKey }>();
  const arrivals = new Set<() => void>();
  const refusals = new Set<(status: number) => void>();
  let answer: Answer;

  const inbox: Inbox = {
    audience: "",
    changes,
    know(subgraph, origin) {
      if (keys.get(subgraph)?.origin === origin) return;
      keys.set(subgraph, { origin, get: createRemoteJWKSet(new URL(`${origin}/.well-known/jwks.json`)) });
    },
    change(fits) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          arrivals.delete(look);
          reject(new Error(`No change fits. ${describe(changes, keys.size)}`));
        }, patience);
        const look = (): void => {
          const found = changes.find(fits);
          if (!found) return;
          clearTimeout(late);
          arrivals.delete(look);
          resolve(found);
        };
        arrivals.add(look);
        look();
      });
    },
    forget() {
      changes.length = 0;
    },
    answer(next) {
      answer = next;
    },
    refused: () => new Promise((resolve) => refusals.add(resolve)),
    async receive(body, authorization) {
      const status = await take(body, authorization);
      if (typeof status === "number") {
        for (const tell of refusals) tell(status);
        refusals.clear();
        return { status, body: { error: "refused by the test gateway" } };
      }
      for (const look of arrivals) look();
      return { status: 202, body: status };
    },
  };

  // A number: the status that it is refused with.
  async function take(body: string, authorization: string | undefined): Promise<number | object> {
    const token = authorization?.replace(/^Bearer /, "") ?? "";
    const subgraph = issuerOf(token);
    if (subgraph === undefined) return 401;
    const key = keys.get(subgraph);
    if (!key) return 503;
    if (!(await isSigned(token, key.get, subgraph, body))) return 401;
    const batch = readBatch(body, subgraph);
    if (!batch) return 400;
    const refusal = typeof answer === "function" ? answer(batch) : answer;
    if (refusal !== undefined) return refusal;
    const fresh = batch.filter(({ id }) => !ids.has(`${subgraph} ${id}`));
    for (const { id } of fresh) ids.add(`${subgraph} ${id}`);
    changes.push(...fresh);
    return { accepted: fresh.length, duplicates: batch.length - fresh.length };
  }

  async function isSigned(
    token: string,
    get: JWTVerifyGetKey,
    subgraph: string,
    body: string,
  ): Promise<boolean> {
    try {
      const { payload } = await jwtVerify(token, get, {
        algorithms: ["EdDSA"],
        typ: "junto-change+jwt",
        issuer: subgraph,
        audience: inbox.audience,
        maxTokenAge: 60,
        requiredClaims: ["iat", "exp", "jti"],
      });
      return payload.body === digestOf(body);
    } catch {
      return false;
    }
  }

  return inbox;
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Nothing, if it is not what subgraphs send. */
function readBatch(body: string, subgraph: string): readonly ReceivedChange[] | undefined {
  const events = JSON.parse(body) as readonly Record<string, any>[];
  const good = events.every(
    (event) =>
      event.specversion === "1.0" &&
      event.type === "dev.junto.change" &&
      event.source === `/subgraphs/${subgraph}` &&
      !Number.isNaN(Date.parse(String(event.time))) &&
      typeof event.id === "string",
  );
  if (!good) return undefined;
  return events.map(({ id, time, data }) => ({ ...(data as Change), id, time, subgraph }) as ReceivedChange);
}

function describe(changes: readonly ReceivedChange[], known: number): string {
  if (known === 0) return "No subgraph is known: call gateway.know(subgraph).";
  const seen = changes.map(({ entity, key, kind }) => `${kind} ${entity} ${JSON.stringify(key)}`);
  return `There were ${seen.length}: ${seen.slice(-20).join(", ")}`;
}
