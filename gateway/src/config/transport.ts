// How a subgraph is asked, from its entry in supergraph.yaml: times, sizes, headers, certificates.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { shown, type Problems } from "./problems.ts";

/** What is not set is left out: fetch/http.ts has the defaults. */
export interface Transport {
  /** Milliseconds. */
  readonly deadline?: number;
  readonly connections?: number;
  /** Bytes. */
  readonly maxResponse?: number;
  readonly retries?: number;
  readonly http2?: boolean;
  /** Certificates, PEM. */
  readonly ca?: string;
  /** Sent with every request; names in small letters. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of the client's request that go along; names in small letters. */
  readonly forward?: readonly string[];
}

export const TRANSPORT_KEYS: readonly string[] = [
  "deadline",
  "connections",
  "maxResponse",
  "retries",
  "http2",
  "ca",
  "headers",
  "forward",
];

interface Context {
  /** `subgraphs.mall` */
  readonly place: string;
  /** What paths are relative to. */
  readonly folder: string;
  /** What stands for `${NAME}`. Without it nobody is asked now, and no secret is needed. */
  readonly secrets?: ReadonlyMap<string, string>;
  readonly problems: Problems;
}

type Tree = Readonly<Record<string, unknown>>;

/** Key ▸ the least and the most, and what the number says. */
const NUMBERS = {
  deadline: [50, 120_000, "milliseconds"],
  connections: [1, 1_000, "connections"],
  maxResponse: [1_024, 1_073_741_824, "bytes"],
  retries: [0, 5, "further tries"],
} as const;

/** A token of HTTP, in small letters. */
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;
/** The gateway's own, those of one connection only (RFC 9110, 7.6.1), and what would say who a person is. */
const NEVER = new Set([
  ...["authorization", "cookie", "set-cookie", "proxy-authorization", "proxy-authenticate"],
  ...["host", "content-length", "content-type", "content-encoding", "accept", "accept-encoding", "expect"],
  ...["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"],
  ...["idempotency-key", "http2-settings"],
]);

export function readTransport(value: Tree, context: Context): Transport {
  const { place, problems } = context;
  const numbers = Object.entries(NUMBERS).flatMap(([key, [least, most, unit]]) => {
    const number = value[key];
    if (number === undefined) return [];
    if (Number.isSafeInteger(number) && (number as number) >= least && (number as number) <= most)
      return [[key, number]];
    problems.push(
      `${place}.${key} is ${shown(number)}: give ${unit}, a whole number from ${least} to ${most}.`,
    );
    return [];
  });
  const { http2 } = value;
  if (http2 !== undefined && typeof http2 !== "boolean")
    problems.push(`${place}.http2 is ${shown(http2)}: give true or false.`);
  const ca = readCertificates(value["ca"], context);
  const headers = readFixed(value["headers"], context);
  const forward = readForward(value["forward"], headers, context);
  return {
    ...(Object.fromEntries(numbers) as Transport),
    ...(typeof http2 === "boolean" && { http2 }),
    ...(ca !== undefined && { ca }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(forward.length > 0 && { forward }),
  };
}

function readCertificates(value: unknown, { place, folder, problems }: Context): string | undefined {
  if (value === undefined) return undefined;
  const remedy = "give the path of a file with certificates (PEM)";
  let text: string | undefined;
  try {
    if (typeof value === "string") text = readFileSync(resolve(folder, value), "utf8");
  } catch {
    // said below
  }
  if (text?.includes("-----BEGIN CERTIFICATE-----")) return text;
  problems.push(`${place}.ca is ${shown(value)}: ${remedy}.`);
  return undefined;
}

function readFixed(value: unknown, context: Context): Record<string, string> {
  const headers: Record<string, string> = {};
  if (value === undefined) return headers;
  const { place, problems } = context;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    problems.push(`${place}.headers is ${shown(value)}: give a mapping of names to texts.`);
    return headers;
  }
  for (const [name, text] of Object.entries(value)) {
    const at = `${place}.headers.${name}`;
    if (!isName(name, at, problems)) continue;
    const filled = typeof text === "string" ? fill(text, at, context) : undefined;
    if (typeof text !== "string")
      problems.push(`${at} is ${shown(text)}: give a text, in quotes if need be.`);
    else if (filled !== undefined && !/^[\x20-\x7e\t]*$/.test(filled))
      problems.push(`${at} holds what no header may: give ASCII on one line.`);
    else if (filled !== undefined) headers[name.toLowerCase()] = filled;
  }
  return headers;
}

/** Puts secrets in. A text with a secret in it is never shown. */
function fill(text: string, place: string, { secrets, problems }: Context): string | undefined {
  if (!secrets) return undefined;
  let whole = true;
  const filled = text.replace(/\$\{([^}]*)\}/g, (_match, name: string) => {
    const secret = secrets.get(name);
    if (secret !== undefined) return secret;
    whole = false;
    problems.push(`${place} asks for ${shown(name)}: set JUNTO_SECRET_${name}, in capitals, digits and _.`);
    return "";
  });
  return whole ? filled : undefined;
}

function readForward(
  value: unknown,
  fixed: Readonly<Record<string, string>>,
  { place, problems }: Context,
): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    problems.push(`${place}.forward is ${shown(value)}: give a list of header names.`);
    return [];
  }
  const names = value.flatMap((name: unknown) => {
    if (typeof name !== "string" || !isName(name, `${place}.forward`, problems)) {
      if (typeof name !== "string")
        problems.push(`${place}.forward holds ${shown(name)}: give names of headers.`);
      return [];
    }
    if (Object.hasOwn(fixed, name.toLowerCase()))
      problems.push(`${place}.forward holds ${shown(name)}, which headers sets: leave it out of one.`);
    return [name.toLowerCase()];
  });
  return [...new Set(names)].sort();
}

function isName(name: string, place: string, problems: Problems): boolean {
  if (!NAME.test(name.toLowerCase())) problems.push(`${place}: ${shown(name)} is no name of a header.`);
  else if (NEVER.has(name.toLowerCase()))
    problems.push(
      `${place}: ${shown(name)} is never sent so; the gateway says itself who asks. Leave it out.`,
    );
  else return true;
  return false;
}
