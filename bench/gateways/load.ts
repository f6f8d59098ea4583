// Asks a gateway over open connections, each with one request at a time, and says how long the answers took.
import { connect, type Socket } from "node:net";
import { jsonRequest, readMessages } from "./wire.ts";

export interface Target {
  readonly url: string;
  /** Of the people who ask, each on connections of their own. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  /** The body of the request with this number; a text when all are equal. */
  readonly body: string | ((number: number) => string);
  /** Bytes of every right answer. */
  readonly size: number;
}

export interface Loaded {
  /** Milliseconds of each answer. */
  readonly times: readonly number[];
  /** From the first request to the last answer. */
  readonly milliseconds: number;
}

/** Numbers go on from run to run, so that a key is not asked for again soon. */
let sent = 0;

/** @throws Error when an answer is not the right one */
export async function load(target: Target, connections: number, milliseconds: number): Promise<Loaded> {
  const url = new URL(target.url);
  const requests = target.headers.map((headers) => requestsOf(target.body, url, headers));
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(url)));
  const times: number[] = [];
  const start = performance.now();
  try {
    await Promise.all(
      sockets.map((socket, at) =>
        ask(socket, requests[at % requests.length]!, start + milliseconds, target.size, times),
      ),
    );
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  return { times, milliseconds: performance.now() - start };
}

/** @returns what makes the bytes of the next request */
function requestsOf(body: Target["body"], url: URL, headers: Readonly<Record<string, string>>): () => Buffer {
  if (typeof body !== "string") return () => jsonRequest(url, headers, body((sent += 1)));
  const bytes = jsonRequest(url, headers, body);
  return () => bytes;
}

function open({ hostname, port }: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Asks again and again until the end. */
function ask(socket: Socket, next: () => Buffer, end: number, size: number, times: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let at = performance.now();
    socket.on("error", reject).on("close", () => reject(new Error("A gateway closed a connection")));
    readMessages(socket, ({ head, body }) => {
      const now = performance.now();
      if (!head.startsWith("HTTP/1.1 200") || body.length !== size) {
        const shown = body.toString("utf8", 0, 300);
        reject(new Error(`Not the right answer, ${body.length} bytes instead of ${size}: ${head}\n${shown}`));
        return;
      }
      times.push(now - at);
      if (now >= end) return resolve();
      at = now;
      socket.write(next());
    });
    socket.write(next());
  });
}
