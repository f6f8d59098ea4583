import { randomBytes } from "node:crypto";
import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openArchive } from "./archive.ts";

describe("an archive", () => {
  it("is unpacked part by part", () => {
    const [first, second] = [randomBytes(5_000), Buffer.alloc(5_000, "x")];
    const parts = openArchive(
      zip(
        { name: "一.xml", content: first },
        { name: "b/二.xml", content: second },
        { name: "c", content: Buffer.alloc(0) },
      ),
    );
    expect(parts.map(({ name }) => name)).toEqual(["一.xml", "b/二.xml", "c"]);
    expect(Buffer.from(parts[0]!.bytes).equals(first)).toBe(true);
    expect(Buffer.from(parts[1]!.bytes).equals(second)).toBe(true);
  });

  it("is refused when it unpacks to too much, as a whole too", () => {
    const big = { name: "bomb", content: Buffer.alloc(60_000) };
    expect(() => openArchive(zip(big), 50_000)).toThrow("unpacks to more than 50000 bytes");
    expect(() => openArchive(zip(big, big), 100_000)).toThrow("unpacks to more than 100000 bytes");
    expect(openArchive(zip(big), 60_000)).toHaveLength(1);
  });

  it("is refused when it says less than it unpacks to", () => {
    const liar = { name: "bomb", content: Buffer.alloc(60_000), saidSize: 10 };
    expect(() => openArchive(zip(liar), 50_000)).toThrow("is damaged");
  });

  it("is refused when it says more than it unpacks to", () => {
    expect(() => openArchive(zip({ name: "a", content: Buffer.alloc(10), saidSize: 20 }))).toThrow(
      "is damaged",
    );
  });

  it("is refused when it has more parts than any workbook", () => {
    const parts = Array.from({ length: 2_001 }, (_, index) => ({
      name: `${index}`,
      content: Buffer.from("x"),
    }));
    expect(() => openArchive(zip(...parts))).toThrow("has more than 2000 parts");
  });

  it("is refused at whatever length it is cut off", () => {
    const whole = zip({ name: "a", content: randomBytes(300) }, { name: "b", content: Buffer.alloc(300) });
    for (let length = 0; length < whole.length; length++) {
      expect(() => openArchive(whole.subarray(0, length))).toThrow(
        expect.objectContaining({ name: "UnreadableFile" }),
      );
    }
  });

  it("is refused or read right, never anything else, with any of its bytes changed", () => {
    const whole = zip(
      { name: "a", content: randomBytes(100) },
      { name: "b", content: Buffer.alloc(300, "ab") },
    );
    const wanted = contents(whole);
    const outcomes = Array.from(whole, (_, at) => {
      const changed = Buffer.from(whole);
      changed[at] = changed[at]! ^ 0x55;
      return contents(changed);
    });
    const [both, first] = [wanted, wanted.slice(0, 1)].map((parts) => JSON.stringify(parts));
    // A smaller count of parts is a smaller archive.
    const possible = new Set([both, first, "[]", '"UnreadableFile"']);
    expect(
      outcomes.map((outcome) => JSON.stringify(outcome)).filter((outcome) => !possible.has(outcome)),
    ).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === "UnreadableFile").length).toBeGreaterThan(
      whole.length / 3,
    );
  });
});

/** The parts' contents, or the name of the error. */
function contents(bytes: Buffer): string[] | string {
  try {
    return openArchive(bytes).map((part) => Buffer.from(part.bytes).toString("hex"));
  } catch (error) {
    return (error as Error).name;
  }
}

interface Part {
  readonly name: string;
  readonly content: Buffer;
  readonly saidSize?: number;
}

/** A ZIP archive, written by hand, so that it can lie. */
function zip(...parts: readonly Part[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const { name, content, saidSize = content.length } of parts) {
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(saidSize, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\u0000"), common, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
