// The write-ahead log as it is written: one connection, message by message, until it breaks or is closed.
// Who reads it says how far; the server keeps what is not acknowledged, and sends it again next time.
import { Socket } from "node:net";
import { LogicalReplicationService, PgoutputPlugin, type Pgoutput } from "pg-logical-replication";
import { lsnOf, lsnText } from "./lsn.ts";

export interface LogStream {
  /** Resolves when the stream is over, with what broke it; with nothing when either side closed it. */
  readonly ended: Promise<Error | undefined>;
  /** Everything that was committed up to here is safe: the server may forget it. */
  acknowledge(lsn: bigint): void;
  /** Breaks it off: what was not acknowledged comes again on the next stream. */
  fail(error: Error): void;
  close(): Promise<void>;
}

export interface LogReader {
  readonly message: (message: Pgoutput.Message) => void;
  /** The server has sent all there is, up to here. True: the reader has stored all of it. */
  readonly idle: () => boolean;
}

const PING = 10_000;
/** Pings without an answer after which the connection counts as dead. */
const PATIENCE = 3;

/** Resolves when the server has begun to send. It sends from what was acknowledged last. */
export async function openStream(
  options: { readonly databaseUrl: string; readonly slot: string; readonly publication: string },
  makeReader: (stream: LogStream) => LogReader,
): Promise<LogStream> {
  const socket = new Socket();
  const service = new LogicalReplicationService(
    {
      connectionString: options.databaseUrl,
      application_name: "junto-mall-changes",
      connectionTimeoutMillis: 2_000,
      stream: () => socket,
    },
    // The library's own clock acknowledges what has arrived, not what is safe: it stays off.
    { acknowledge: { auto: false, timeoutSeconds: 0 } },
  );
  let end!: (error: Error | undefined) => void;
  const broken = new Promise<Error | undefined>((resolve) => (end = resolve));
  const ended = broken.then(async (error) => {
    clearInterval(pinging);
    // First the socket: on a dead connection `destroy` would wait for an answer.
    socket.destroy();
    await service.destroy().catch(() => undefined);
    return error;
  });
  let safe = 0n;
  const acknowledge = (lsn: bigint, ping = false): void => {
    if (lsn > safe) safe = lsn;
    // The library adds one to what it is given. Sent so, that would skip a commit that begins right at `lsn`.
    if (safe > 0n) void service.acknowledge(lsnText(safe - 1n), ping);
  };
  let silent = 0;
  const pinging = setInterval(() => {
    silent += 1;
    if (silent > PATIENCE) end(new Error("The ERP's log has gone silent"));
    else acknowledge(safe, true);
  }, PING).unref();

  const stream: LogStream = {
    ended,
    acknowledge: (lsn) => acknowledge(lsn),
    fail: end,
    async close() {
      end(undefined);
      await ended;
    },
  };
  const reader = makeReader(stream);
  const guarded = (work: () => void): void => {
    silent = 0;
    try {
      work();
    } catch (error) {
      end(asError(error));
    }
  };
  service.on("data", (_, message: Pgoutput.Message) => guarded(() => reader.message(message)));
  service.on("heartbeat", (lsn, _, shouldRespond) =>
    guarded(() => {
      if (reader.idle()) acknowledge(lsnOf(lsn));
      else if (shouldRespond) acknowledge(safe);
    }),
  );
  service.on("error", (error) => end(asError(error)));

  const started = new Promise<"started">((resolve) => service.on("start", () => resolve("started")));
  const plugin = new PgoutputPlugin({ protoVersion: 1, publicationNames: [options.publication] });
  service.subscribe(plugin, options.slot).then(
    () => end(undefined),
    (error: unknown) => end(asError(error)),
  );
  const first = await Promise.race([started, ended]);
  if (first === "started") return stream;
  throw first ?? new Error("The ERP's log ended before it began");
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
