// The body of a POST: bounded as it arrives and again as it is unpacked, in UTF-8, and JSON.
import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from "node:zlib";
import { JuntoError } from "../errors/index.ts";

type Unpack = (packed: Buffer, options: ZlibOptions) => Promise<Buffer>;

/** By content-encoding. One of them at a time: encodings of encodings are for bombs. */
const UNPACK: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ["gzip", promisify<Buffer, ZlibOptions, Buffer>(gunzip)],
  ["x-gzip", promisify<Buffer, ZlibOptions, Buffer>(gunzip)],
  ["br", promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress)],
  ["deflate", promisify<Buffer, ZlibOptions, Buffer>(inflate)],
]);

const NOTHING = Buffer.alloc(0);

/**
 * @param most bytes, as sent and as unpacked
 * @throws JuntoError UNSUPPORTED_MEDIA_TYPE, TOO_LARGE, BAD_REQUEST
 */
export async function readJson(incoming: IncomingMessage, most: number): Promise<unknown> {
  const unpack = unpackingOf(incoming.headers);
  if (Number(incoming.headers["content-length"] ?? 0) > most) throw tooLarge(most);
  const sent = await readAll(incoming, most);
  return parse(unpack ? await unpacked(sent, unpack, most) : sent);
}

/** Checked before anything is read. @throws JuntoError UNSUPPORTED_MEDIA_TYPE */
function unpackingOf(headers: IncomingHttpHeaders): Unpack | undefined {
  const type = headers["content-type"];
  if (type !== "application/json" && !isJson(type ?? ""))
    throw new JuntoError(
      "UNSUPPORTED_MEDIA_TYPE",
      "The body of a request is application/json in UTF-8, and says so in content-type.",
    );
  const encoding = headers["content-encoding"]?.trim().toLowerCase();
  if (encoding === undefined || encoding === "" || encoding === "identity") return undefined;
  const unpack = UNPACK.get(encoding);
  if (!unpack)
    throw new JuntoError(
      "UNSUPPORTED_MEDIA_TYPE",
      "The body is compressed in a way that is not read here: send gzip, br, deflate, or none.",
    );
  return unpack;
}

/** application/json alone or with charset utf-8: by another charset one text would be read as another. */
function isJson(type: string): boolean {
  return /^application\/json[ \t]*(;[ \t]*charset[ \t]*=[ \t]*("utf-?8"|utf-?8)[ \t]*)?;?$/i.test(type);
}

async function readAll(incoming: IncomingMessage, most: number): Promise<Buffer> {
  // What is small has come with the headers: it is there, and need not be waited for.
  if (incoming.complete) {
    const whole = (incoming.read() as Buffer | null) ?? NOTHING;
    if (whole.length > most) throw tooLarge(most);
    return whole;
  }
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) return void chunks.push(chunk);
      chunks = [];
      incoming.pause();
      reject(tooLarge(most));
    });
    incoming.on("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    incoming.on("error", (cause) => reject(new JuntoError("BAD_REQUEST", "The body broke off.", { cause })));
  });
}

async function unpacked(packed: Buffer, unpack: Unpack, most: number): Promise<Buffer> {
  try {
    return await unpack(packed, { maxOutputLength: most });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(most);
    throw new JuntoError("BAD_REQUEST", "The body is not compressed as its content-encoding says.", {
      cause,
    });
  }
}

function parse(body: Buffer): unknown {
  // Read with replacements, different texts would become one.
  if (isUtf8(body)) {
    const text = body.toString("utf8");
    try {
      return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
    } catch {
      // said below
    }
  }
  throw new JuntoError("BAD_REQUEST", "The body is not valid JSON in UTF-8.");
}

export function tooLarge(most: number): JuntoError {
  return new JuntoError("TOO_LARGE", `The body is larger than ${most} bytes. Send less at a time.`, {
    details: { limit: { name: "bodySize", most } },
  });
}
