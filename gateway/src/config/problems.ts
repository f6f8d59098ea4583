// What is wrong with a configuration, collected: whoever sets Junto up hears of all of it at once.
import { JuntoError } from "../errors/index.ts";

/** Each problem names the place, what stands there, and what should. */
export type Problems = string[];

/** Throws CONFIGURATION with every problem, a line each; returns when there is none. */
export function throwIfAny(problems: Problems, title: string): void {
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `- ${problem}`).join("\n");
  throw new JuntoError("CONFIGURATION", `${title}:\n${lines}`, { details: { problems } });
}

/** A value as it can be shown: on one line, not endless, and without the password of an address. */
export function shown(value: unknown): string {
  const text = (typeof value === "string" ? value : JSON.stringify(value)) ?? "nothing";
  return `"${text
    .replace(/(:\/\/[^:/@\s]*):[^@/\s]*@/, "$1:…@")
    .replace(/\s+/g, " ")
    .slice(0, 80)}"`;
}

/** Why a text is no http(s) address that another program could call, or undefined if it is one. */
export function notAnAddress(text: unknown): string | undefined {
  return notReachable(text, "http");
}

/** The same of a ws(s) address. */
export function notASocket(text: unknown): string | undefined {
  return notReachable(text, "ws");
}

function notReachable(text: unknown, protocol: "http" | "ws"): string | undefined {
  if (typeof text !== "string" || !URL.canParse(text))
    return `is not an address; give one such as ${protocol}://127.0.0.1:4000`;
  const url = new URL(text);
  if (url.protocol !== `${protocol}:` && url.protocol !== `${protocol}s:`)
    return `must begin with ${protocol}:// or ${protocol}s://`;
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.hash !== "") return "must not have a # part";
  return undefined;
}

/** The same for an issuer: what it says makes people, so it must not be changeable on the way. */
export function notAnIssuer(text: unknown): string | undefined {
  const problem = notAnAddress(text);
  if (problem !== undefined) return problem;
  const { protocol, hostname, search } = new URL(text as string);
  if (search !== "") return "must not have a ? part";
  const loopback = hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
  return protocol === "https:" || loopback
    ? undefined
    : "must begin with https:// unless it is on this machine";
}
