// How each subgraph that was asked answered: what a card says of where its parts come from.
import type { SubgraphAnswer, SubgraphError } from "./fetch-request.ts";

export type AnswerStatus = "OK" | "PARTIAL" | "AWAY";

/** By subgraph: how it answered, and when it last did. */
export type Answered = Map<string, { readonly status: AnswerStatus; readonly asOf: Date }>;

/** A subgraph that answered one fetch and not another answered in part. */
export function note(
  answered: Answered,
  subgraph: string,
  answer: SubgraphAnswer | Error | AnswerStatus,
): void {
  const status = typeof answer === "string" ? answer : statusOf(answer);
  const before = answered.get(subgraph);
  answered.set(subgraph, {
    status: !before || before.status === status ? status : "PARTIAL",
    asOf: new Date(),
  });
}

function statusOf(answer: SubgraphAnswer | Error): AnswerStatus {
  if (answer instanceof Error) return "AWAY";
  if (!answer.errors?.some(isAbsence)) return "OK";
  return hasValue(answer.data) ? "PARTIAL" : "AWAY";
}

/** An owner that withholds something has answered; one whose old system is away has not. */
export function isAbsence(error: SubgraphError): boolean {
  const code = error.extensions?.code;
  return code !== "NOT_SHARED" && code !== "FORBIDDEN";
}

function hasValue(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== "object") return true;
  return Object.entries(value).some(([key, inner]) => key !== "__typename" && hasValue(inner));
}
