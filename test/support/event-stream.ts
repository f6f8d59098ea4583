// A client of event streams that shows what comes on the wire: events with their ids, comments, and how it ended.
import { request, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from "node:http";

export interface ServerEvent {
  readonly event: string;
  /** JSON, read; null when there is none. */
  readonly data: any;
  readonly id?: string;
}

export interface EventStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly response: IncomingMessage;
  /** The next event that came or comes; rejects when the stream ends before. */
  next(): Promise<ServerEvent>;
  /** Every event until the end. */
  rest(): Promise<readonly ServerEvent[]>;
  /** Comments so far. */
  readonly comments: readonly string[];
  /** Everything, as it came, of what is no event stream. */
  text(): Promise<string>;
  leave(): void;
}

export async function openEvents(
  url: string,
  options: RequestOptions,
  body?: string | Uint8Array,
): Promise<EventStream> {
  const outgoing = request(url, { method: body === undefined ? "GET" : "POST", agent: false, ...options });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.on("response", resolve).on("error", reject);
    outgoing.end(body);
  });
  outgoing.on("error", () => undefined);
  response.on("error", () => undefined);
  const comments: string[] = [];
  const queue: ServerEvent[] = [];
  let waiting: ((event: ServerEvent | null) => void)[] = [];
  let ended = false;
  let whole = "";
  let text = "";
  response.setEncoding("utf8");
  const closed = new Promise<void>((resolve) => response.on("close", resolve));
  response.on("data", (chunk: string) => {
    whole += chunk;
    const blocks = (text + chunk).split("\n\n");
    text = blocks.pop()!;
    for (const block of blocks) {
      const event = read(block, comments);
      if (!event) continue;
      const take = waiting.shift();
      if (take) take(event);
      else queue.push(event);
    }
  });
  void closed.then(() => {
    ended = true;
    for (const take of waiting) take(null);
    waiting = [];
  });
  const take = async (): Promise<ServerEvent | null> =>
    queue.shift() ?? (ended ? null : new Promise<ServerEvent | null>((resolve) => waiting.push(resolve)));
  return {
    status: response.statusCode!,
    headers: response.headers,
    response,
    comments,
    async next() {
      const event = await take();
      if (!event) throw new Error(`The stream ended: ${whole.slice(0, 500)}`);
      return event;
    },
    async rest() {
      const events: ServerEvent[] = [];
      for (let event = await take(); event; event = await take()) events.push(event);
      return events;
    },
    async text() {
      await closed;
      return whole;
    },
    leave: () => void outgoing.destroy(),
  };
}

function read(block: string, comments: string[]): ServerEvent | null {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name, value] = /^([^:]*):? ?([^]*)$/.exec(line)!;
    if (name === "") comments.push(value!);
    else fields.set(name!, fields.has(name!) ? `${fields.get(name!)}\n${value}` : value!);
  }
  if (fields.size === 0) return null;
  const data = fields.get("data");
  return {
    event: fields.get("event") ?? "message",
    data: data ? (JSON.parse(data) as unknown) : null,
    ...(fields.has("id") && { id: fields.get("id")! }),
  };
}
