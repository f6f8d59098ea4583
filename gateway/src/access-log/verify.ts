// Checks that lines are one unbroken chain: nothing changed, taken out, put in or moved. It needs the lines alone.
import { hashOf, START, type ChainHead } from "./line.ts";

/** The first place at which the chain is broken. */
export interface ChainBreak {
  /** Which of the lines that were given, from 1. */
  readonly line: number;
  readonly what: string;
}

export interface Verdict {
  /** Lines that were looked at. */
  readonly lines: number;
  /** The last line that is as it should be; null: there is none. */
  readonly head: ChainHead | null;
  readonly broken: ChainBreak | null;
}

export interface Verifying {
  /** The next line, as it was exported. @returns whether the chain holds so far */
  take(line: unknown): boolean;
  /** No more lines come. */
  end(): Verdict;
}

export interface VerifyOptions {
  /** Hash of the line before the first: of a chain of which the beginning is not given. */
  readonly from?: string;
  /** A head that was noted before: the chain must go through it. */
  readonly anchor?: ChainHead;
}

export function verifyChain({ from, anchor }: VerifyOptions = {}): Verifying {
  let lines = 0;
  let head: ChainHead | null = null;
  let owner: unknown;
  let broken: ChainBreak | null = null;

  const fault = (line: Readonly<Record<string, unknown>>): string | null => {
    const { seq, prev, hash } = line;
    if (typeof seq !== "number" || typeof prev !== "string" || typeof hash !== "string")
      return "it is no line of an access log";
    const before = head ?? (from === undefined ? START : { seq: seq - 1, hash: from });
    if (seq !== before.seq + 1) return `its seq is ${seq}, and the one before it is ${before.seq}`;
    if (prev !== before.hash)
      return `seq ${seq} does not follow the line before it: its prev is another hash`;
    if (hash !== hashOf(line)) return `seq ${seq} is not as it was written: its hash is another`;
    owner ??= line["owner"];
    if (line["owner"] !== owner) return `seq ${seq} is of another organization's log`;
    if (anchor?.seq === seq && anchor.hash !== hash) return `seq ${seq} is not the line that was anchored`;
    head = { seq, hash };
    return null;
  };

  return {
    take(line) {
      if (broken) return false;
      lines += 1;
      const isObject = typeof line === "object" && line !== null && !Array.isArray(line);
      const what = isObject ? fault(line as Record<string, unknown>) : "it is no line of an access log";
      if (what !== null) broken = { line: lines, what };
      return what === null;
    },
    end() {
      if (!broken && anchor && (head?.seq ?? 0) < anchor.seq)
        broken = {
          line: lines + 1,
          what: `the chain ends at seq ${head?.seq ?? 0}, before the line that was anchored (${anchor.seq})`,
        };
      return { lines, head, broken };
    },
  };
}
