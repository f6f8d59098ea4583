// One batch of changes on its way to the gateway, and what became of it.
import { Agent, request } from "undici";
import { describeError } from "./errors.ts";
import type { OwnKeys } from "./keys.ts";
import type { StoredEvent } from "./outbox.ts";

export interface DeliveryOptions {
  readonly keys: OwnKeys;
  /** The subgraph. */
  readonly name: string;
  /** The gateway: where it is, and what it calls itself. */
  readonly gateway: { readonly url: string; readonly issuer: string };
}

/** What became of a batch. "later": nothing is wrong with it, so it must be sent again. */
export type Outcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "later"; readonly reason: object; readonly after?: number };

export interface Delivery {
  deliver(events: readonly StoredEvent[]): Promise<Outcome>;
  close(): Promise<void>;
}

const answerTimeout = 10_000;

/** @param stopped ends what is on its way */
export function createDelivery({ keys, name, gateway }: DeliveryOptions, stopped: AbortSignal): Delivery {
  const agent = new Agent({ headersTimeout: answerTimeout, bodyTimeout: answerTimeout });
  return {
    async deliver(events) {
      const body = `[${events.map(({ event }) => event).join()}]`;
      try {
        const token = await keys.sign(body, { issuer: name, audience: gateway.issuer });
        const answer = await request(`${gateway.url}/changes`, {
          method: "POST",
          headers: {
            "content-type": "application/cloudevents-batch+json",
            authorization: `Bearer ${token}`,
          },
          body,
          dispatcher: agent,
          signal: stopped,
        });
        return await outcomeOf(answer);
      } catch (error) {
        return { kind: "later", reason: { err: describeError(error) } };
      }
    },
    close: () => agent.destroy(),
  };
}

async function outcomeOf(answer: Awaited<ReturnType<typeof request>>): Promise<Outcome> {
  const { statusCode, headers, body } = answer;
  if (statusCode === 202) {
    await body.dump();
    return { kind: "accepted" };
  }
  if (statusCode === 400 || statusCode === 403 || statusCode === 413) {
    return { kind: "refused", reason: `${statusCode} ${(await body.text()).slice(0, 500)}` };
  }
  await body.dump();
  const after = Number(headers["retry-after"]);
  return {
    kind: "later",
    reason: { status: statusCode },
    ...(Number.isFinite(after) && { after: after * 1000 }),
  };
}
