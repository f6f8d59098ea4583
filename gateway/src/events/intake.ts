// Changes in: verifies and reads `POST /changes`, and puts on the log what subgraphs say has changed. A batch
// is stored as a whole or not at all. What is sent again is harmless: a change is known by its source and id.
import { createHash, timingSafeEqual } from "node:crypto";
import { decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import { JuntoError } from "../errors/index.ts";
import type { Log } from "../observe/index.ts";
import { CONTENT_TYPE, Malformed, readBatch } from "./cloudevents.ts";
import type { ChangeLog } from "./log.ts";

export interface IntakeOptions {
  /** The gateway, as changes name it in `aud`. */
  readonly issuer: string;
  /** The public keys of a subgraph; null: there is none of that name. */
  readonly keys: (subgraph: string) => JWTVerifyGetKey | null;
  /** Names of the fields that make a key of the entity, if the subgraph owns part of it. */
  readonly owns: (subgraph: string, entity: string) => readonly string[] | null;
  readonly changes: Pick<ChangeLog, "append">;
  readonly log: Log;
}

interface IntakeRequest {
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

interface IntakeAnswer {
  readonly status: 202 | 400 | 401 | 403 | 413 | 503;
  readonly body:
    | { readonly accepted: number; readonly duplicates: number }
    | { readonly error: { readonly code: string; readonly message: string; readonly event?: number } };
}

export type Intake = (request: IntakeRequest) => Promise<IntakeAnswer>;

/** Largest body, in bytes. */
export const LARGEST_BODY = 1_048_576;
const LARGEST_BATCH = 1_000;

export function createIntake(options: IntakeOptions): Intake {
  return async ({ headers, body }) => {
    try {
      if (body.byteLength > LARGEST_BODY)
        return refusal(413, "TOO_LARGE", `Send ${LARGEST_BODY} bytes at most.`);
      const subgraph = await verify(headers, body, options);
      if (mediaType(headers["content-type"]) !== CONTENT_TYPE) {
        return refusal(400, "BAD_REQUEST", `The content type must be ${CONTENT_TYPE}.`);
      }
      const batch = readBatch(body, `/subgraphs/${subgraph}`);
      if (batch.length > LARGEST_BATCH)
        return refusal(413, "TOO_LARGE", `Send ${LARGEST_BATCH} events at most.`);
      for (const [event, { entity, key }] of batch.entries()) {
        const fields = options.owns(subgraph, entity);
        if (fields === null)
          return refusal(403, "FORBIDDEN", `${subgraph} owns no part of ${entity}.`, event);
        if (!sameNames(Object.keys(key), fields)) {
          return refusal(
            400,
            "BAD_REQUEST",
            `data.key of ${entity} must have the fields ${fields.join(", ")}.`,
            event,
          );
        }
      }
      return { status: 202, body: await options.changes.append(batch) };
    } catch (error) {
      return answerTo(error, options.log);
    }
  };
}

/** @returns the subgraph that signed the body. @throws JuntoError UNAUTHENTICATED, UNAVAILABLE */
async function verify(
  headers: IntakeRequest["headers"],
  body: Uint8Array,
  options: IntakeOptions,
): Promise<string> {
  const { authorization } = headers;
  const token =
    typeof authorization === "string"
      ? /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1]
      : undefined;
  if (token === undefined) throw unauthenticated();
  const subgraph = issuerOf(token);
  const keys = subgraph === null ? null : options.keys(subgraph);
  if (subgraph === null || keys === null) throw unauthenticated();
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ["EdDSA"],
    typ: "junto-change+jwt",
    issuer: subgraph,
    audience: options.issuer,
    requiredClaims: ["iat", "exp", "jti", "body"],
    maxTokenAge: 60,
    clockTolerance: 5,
  });
  const digest = createHash("sha256").update(body).digest();
  const signed = Buffer.from(String(payload["body"]), "base64url");
  if (signed.byteLength !== digest.byteLength || !timingSafeEqual(signed, digest)) throw unauthenticated();
  return subgraph;
}

/** As the token says; what that is worth, its signature tells. */
function issuerOf(token: string): string | null {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === "string" && /^[a-z][a-z0-9-]{0,39}$/.test(iss) ? iss : null;
  } catch {
    return null;
  }
}

function answerTo(error: unknown, log: Log): IntakeAnswer {
  if (error instanceof Malformed) return refusal(400, "BAD_REQUEST", error.message, error.event);
  if (error instanceof JuntoError && error.code === "UNAUTHENTICATED")
    return refusal(401, error.code, error.message);
  if (isBadToken(error)) {
    log.warn({ err: error }, "changes came with a token that does not hold");
    return refusal(401, "UNAUTHENTICATED", unauthenticated().message);
  }
  // The subgraph's keys cannot be had, or the log cannot be written: it is sent again.
  log.error({ err: error }, "changes could not be taken");
  return refusal(503, "UNAVAILABLE", "Changes cannot be taken now. Send them again.");
}

function isBadToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  // Those say that keys could not be fetched, or are no keys.
  return ![errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code].includes(error.code);
}

function unauthenticated(): JuntoError {
  return new JuntoError(
    "UNAUTHENTICATED",
    "Changes must come with a valid token of the subgraph that sends them.",
  );
}

function refusal(
  status: IntakeAnswer["status"],
  code: string,
  message: string,
  event?: number,
): IntakeAnswer {
  return { status, body: { error: { code, message, ...(event === undefined ? {} : { event }) } } };
}

function mediaType(header: string | readonly string[] | undefined): string | null {
  return typeof header === "string" ? (header.split(";")[0]?.trim().toLowerCase() ?? null) : null;
}

function sameNames(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && others.every((name) => names.includes(name));
}
