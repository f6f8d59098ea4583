// HTTP/1.1 on bare sockets, one message at a time on a connection: what stands on either side of a gateway must cost
// less than what is measured, and node:http costs several times this.
import type { Socket } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");
const NOTHING = Buffer.alloc(0);

export interface Message {
  /** Start line and headers. */
  readonly head: string;
  readonly body: Buffer;
}

/** Calls back for every whole message that arrives. */
export function readMessages(socket: Socket, onMessage: (message: Message) => void): void {
  let pending: Buffer = NOTHING;
  let expected = 0;
  socket.on("data", (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length > 0 && pending.length >= expected) {
      const headEnd = pending.indexOf(HEAD_END);
      if (headEnd < 0) return;
      const head = pending.toString("latin1", 0, headEnd);
      const from = headEnd + HEAD_END.length;
      const length = /content-length: *(\d+)/i.exec(head);
      if (!length && /transfer-encoding: *chunked/i.test(head)) {
        const whole = dechunk(pending, from);
        if (!whole) return;
        pending = pending.subarray(whole.end);
        onMessage({ head, body: whole.body });
        continue;
      }
      expected = from + Number(length?.[1] ?? 0);
      if (pending.length < expected) return;
      const body = pending.subarray(from, expected);
      pending = pending.subarray(expected);
      expected = 0;
      onMessage({ head, body });
    }
  });
}

/** null: the last chunk is not there yet. */
function dechunk(buffer: Buffer, from: number): { readonly body: Buffer; readonly end: number } | null {
  const parts: Buffer[] = [];
  for (let at = from; ;) {
    const lineEnd = buffer.indexOf("\r\n", at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(buffer.toString("latin1", at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (buffer.length < next) return null;
    if (size === 0) return { body: parts.length === 1 ? parts[0]! : Buffer.concat(parts), end: next };
    parts.push(buffer.subarray(lineEnd + 2, next - 2));
    at = next;
  }
}

/** A response with a JSON body. */
export function jsonResponse(body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** A POST of a JSON body. */
export function jsonRequest(url: URL, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const lines = Object.entries({
    host: url.host,
    ...headers,
    accept: "application/json",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${url.pathname} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}
