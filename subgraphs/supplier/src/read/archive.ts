// Opens an .xlsx archive with limits, and only when all of it is there: what is too big, damaged or half
// written is refused before the workbook reader sees a byte of it.
import { crc32, inflateRawSync } from "node:zlib";
import { UnreadableFile } from "./unreadable.ts";

/** Bytes that an archive may unpack to, over all its parts. A workbook of 3,000 styles takes about 6 MB. */
const MAX_UNPACKED = 48 * 1024 * 1024;
const MAX_PARTS = 2_000;

interface ArchivePart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** All parts of a ZIP archive, unpacked and checked against their checksums. Throws `UnreadableFile`. */
export function openArchive(bytes: Buffer, maxUnpacked: number = MAX_UNPACKED): ArchivePart[] {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > MAX_PARTS) throw new UnreadableFile(`has more than ${MAX_PARTS} parts`);
  let at = bytes.readUInt32LE(end + 16);
  let left = maxUnpacked;
  const parts: ArchivePart[] = [];
  for (let index = 0; index < count; index++) {
    const entry = readEntry(bytes, at);
    if (entry.size > left) throw new UnreadableFile(`unpacks to more than ${maxUnpacked} bytes`);
    left -= entry.size;
    parts.push({ name: entry.name, bytes: unpack(bytes, entry) });
    at = entry.next;
  }
  return parts;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
  readonly next: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;

/** The directory of a ZIP archive stands at its end: a file that is still being written has none. */
function findEnd(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - END_LENGTH - MAX_COMMENT);
  for (let at = bytes.length - END_LENGTH; at >= lowest; at--) if (bytes.readUInt32LE(at) === END) return at;
  throw new UnreadableFile("is not a complete workbook");
}

function readEntry(bytes: Buffer, at: number): Entry {
  if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY) throw damaged();
  if (bytes.readUInt16LE(at + 8) & 1) throw new UnreadableFile("is encrypted");
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
  return {
    name: bytes.toString("utf8", at + 46, nameEnd),
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
    next: nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32),
  };
}

function unpack(bytes: Buffer, entry: Entry): Uint8Array {
  const { offset } = entry;
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL) throw damaged();
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const packed = bytes.subarray(start, start + entry.packedSize);
  const content = entry.method === 0 ? packed : inflate(packed, entry);
  if (content.length !== entry.size || crc32(content) !== entry.crc) throw damaged();
  return content;
}

function inflate(packed: Buffer, { method, size }: Entry): Uint8Array {
  if (method !== 8) throw new UnreadableFile("is packed in a way that is not known");
  if (size === 0) return new Uint8Array(0);
  try {
    return inflateRawSync(packed, { maxOutputLength: size });
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): UnreadableFile {
  return new UnreadableFile("is damaged", { cause });
}
