// Every way to tamper with a chain of lines is found, and at the right place.
import { describe, expect, it } from "vitest";
import { bounded, digestOf, hashOf, START, type AccessLine, type ChainHead, type LineDraft } from "./line.ts";
import { verifyChain, type Verdict, type VerifyOptions } from "./verify.ts";

function draft(number: number): LineDraft {
  return {
    v: 1,
    owner: "mall",
    at: `2026-11-23T05:29:0${number}.000Z`,
    kind: "ACTION_ENDED",
    organization: "brand",
    person: "brand:guo",
    group: "01a20529-a434-7e29-9640-026824f0652f",
    role: "guide",
    policies: ["mall.restock"],
    operation: { name: "Approve", digest: "0".repeat(43) },
    card: { id: "01a20529-a434-7e29-9640-026824f06530", type: "restock.order" },
    action: { attempt: "a", field: "approve", run: "r", verb: "v", outcome: "DONE", codes: [] },
    fields: ["RestockOrder.note", "RestockOrder.status"],
    moreFields: 0,
    entities: [{ type: "RestockOrder", key: { id: `R${number}` } }],
    moreEntities: 0,
  };
}

/** As the database does. */
function chain(said: LineDraft, { seq, hash: prev }: ChainHead): AccessLine {
  const line = { ...said, seq: seq + 1, prev };
  return { ...line, hash: hashOf(line) };
}

const lines: AccessLine[] = [];
for (let number = 0; number < 6; number += 1) lines.push(chain(draft(number), lines.at(-1) ?? START));
const head = { seq: 6, hash: lines[5]!.hash };

function verdictOf(given: readonly unknown[], options: VerifyOptions = {}): Verdict {
  const verifying = verifyChain(options);
  for (const line of given) if (!verifying.take(JSON.parse(JSON.stringify(line)))) break;
  return verifying.end();
}

it("holds as it was written, whatever the order of the members of a line", () => {
  expect(verdictOf(lines)).toEqual({ lines: 6, head, broken: null });
  const turned = lines.map((line) => Object.fromEntries(Object.entries(line).toReversed()));
  expect(verdictOf(turned)).toEqual({ lines: 6, head, broken: null });
  expect(verdictOf([])).toEqual({ lines: 0, head: null, broken: null });
});

it("has the hash that is written in the reference for this line", () => {
  // printf '%s' '{"a":{"c":"\n","d":1},"b":["é",null]}' | sha256sum
  const digest = "daa7974acc7700e9128e7438c62f66761badfecf90283ded920bfae8ffc75b55";
  const line = { b: ["é", null], hash: "x", prev: "00", a: { d: 1, c: "\n" }, seq: 7 };
  expect(digestOf(line)).toBe(digest);
  // printf '%s' '{"digest":"…","prev":"00","seq":7}' | sha256sum
  expect(hashOf(line)).toBe("94320253929b56841189536613650933b7e2fac6daa706b8eb4b1d81b76268af");
});

const members = Object.keys(lines[2]!);
it.each(members)("a line of which %s is another is found", (name) => {
  for (const value of ["other", 7, null, [], {}]) {
    const changed = lines.with(2, { ...lines[2]!, [name]: value });
    if (JSON.stringify(changed) === JSON.stringify(lines)) continue;
    expect(verdictOf(changed).broken).toMatchObject({ line: 3 });
  }
  const { [name as keyof AccessLine]: _gone, ...rest } = lines[2]!;
  expect(verdictOf(lines.with(2, rest as AccessLine)).broken).toMatchObject({ line: 3 });
});

it.each<[string, unknown[], number]>([
  ["a line taken out", lines.toSpliced(1, 1), 2],
  ["the first line taken out", lines.slice(1), 1],
  ["a line twice", lines.toSpliced(1, 0, lines[0]!), 2],
  ["lines in another order", [lines[1], lines[0], ...lines.slice(2)], 1],
  ["a member more", lines.with(3, { ...lines[3]!, more: true } as AccessLine), 4],
  ["a line changed and hashed anew", lines.with(3, chain({ ...draft(3), person: null }, lines[2]!)), 5],
  ["a line of another's log", lines.with(4, chain({ ...draft(4), owner: "brand" }, lines[3]!)), 5],
  ["what is no line", lines.toSpliced(2, 0, null as never), 3],
])("%s is found", (_, given, at) => {
  const { broken } = verdictOf(given);
  expect(broken).toMatchObject({ line: at });
});

describe("an anchor", () => {
  it("finds what the lines alone cannot tell: an end that was cut off, a chain that was made anew", () => {
    const anew: AccessLine[] = [];
    for (let number = 0; number < 6; number += 1)
      anew.push(chain({ ...draft(number), person: "mall:nobody" }, anew.at(-1) ?? START));
    expect(verdictOf(anew).broken).toBeNull();
    expect(verdictOf(anew, { anchor: head }).broken).toMatchObject({ line: 6 });
    expect(verdictOf(lines.slice(0, 4)).broken).toBeNull();
    expect(verdictOf(lines.slice(0, 4), { anchor: head }).broken?.what).toContain("ends at seq 4");
    expect(verdictOf(lines, { anchor: head }).broken).toBeNull();
  });

  it("may be where the lines begin", () => {
    expect(verdictOf(lines.slice(3), { from: lines[2]!.hash })).toEqual({ lines: 3, head, broken: null });
    expect(verdictOf(lines.slice(3), { from: lines[1]!.hash }).broken).toMatchObject({ line: 1 });
  });
});

describe("what a line has room for", () => {
  it("says how many there were beyond", () => {
    const entities = Array.from({ length: 250 }, (_, id) => ({ type: "Sku", key: { id: String(id) } }));
    const fields = Array.from({ length: 203 }, (_, id) => `Sku.f${id}`);
    const { moreEntities, moreFields, ...listed } = bounded(fields, entities, 4);
    expect([listed.fields.length, moreFields, listed.entities.length, moreEntities]).toEqual([
      200, 3, 200, 54,
    ]);
  });

  it("names keys that are too long, or no text, by their digest", () => {
    const keys = ["k".repeat(201), "a\0b", "\ud800", "plain"];
    const { entities } = bounded(
      [],
      keys.map((id) => ({ type: "T", key: { id, in: { id } } })),
      0,
    );
    const texts = entities.map(({ key }) => JSON.stringify(key));
    expect(texts.map((text) => /^\{"id":"sha256:[0-9a-f]{64}","in":\{"id":"sha256:/.test(text))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(texts[3]).toBe('{"id":"plain","in":{"id":"plain"}}');
  });
});
