import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSql, startTestServer, type TestServer } from "../fixture.ts";
import { lsnOf, lsnText } from "./lsn.ts";
import { openStream, type LogStream } from "./stream.ts";

let server: TestServer;
let databaseUrl: string;
const names = { slot: "stream", publication: "stream" };
beforeAll(async () => {
  server = await startTestServer();
  databaseUrl = await server.database();
  await runSql(databaseUrl, `CREATE TABLE t (id text PRIMARY KEY); CREATE PUBLICATION stream FOR TABLE t`);
  await runSql(databaseUrl, `SELECT pg_create_logical_replication_slot('stream', 'pgoutput')`);
});
afterAll(() => server.close());

interface Commit {
  readonly id: string;
  readonly begin: bigint;
  readonly end: bigint;
}

/** Reads until so many commits have come. */
async function read(count: number): Promise<{ stream: LogStream; commits: Commit[] }> {
  const commits: Commit[] = [];
  let id = "";
  let enough!: () => void;
  const all = new Promise<void>((resolve) => (enough = resolve));
  const stream = await openStream({ databaseUrl, ...names }, () => ({
    idle: () => false,
    message(message) {
      if (message.tag === "insert") id = String(message.new.id);
      if (message.tag !== "commit") return;
      commits.push({ id, begin: lsnOf(message.commitLsn!), end: lsnOf(message.commitEndLsn!) });
      if (commits.length >= count) enough();
    },
  }));
  await Promise.race([all, stream.ended]);
  return { stream, commits };
}

/** Two transactions whose commits stand side by side in the log, without a byte between them. */
async function commitSideBySide(first: string, second: string): Promise<void> {
  const clients = [first, second].map(() => new Client({ connectionString: databaseUrl }));
  await Promise.all(clients.map((client) => client.connect()));
  for (const [index, id] of [first, second].entries()) {
    await clients[index]!.query("BEGIN");
    await clients[index]!.query("INSERT INTO t VALUES ($1)", [id]);
  }
  for (const client of clients) await client.query("COMMIT");
  await Promise.all(clients.map((client) => client.end()));
}

describe("the stream of the log", () => {
  it("sends a commit again that begins where the acknowledged one ended (I5)", async () => {
    let neighbours: Commit[] = [];
    for (let attempt = 0; neighbours.length === 0; attempt += 1) {
      await commitSideBySide(`a${attempt}`, `b${attempt}`);
      const { stream, commits } = await read(2);
      const [a, b] = commits;
      stream.acknowledge(a!.end);
      await expect
        .poll(async () => {
          const sql =
            "SELECT confirmed_flush_lsn::text AS lsn FROM pg_replication_slots WHERE slot_name = 'stream'";
          return lsnOf((await runSql<{ lsn: string }>(databaseUrl, sql))[0]!.lsn) >= a!.end;
        })
        .toBe(true);
      // The server's own housekeeping can write between the two: then once more.
      if (b!.begin === a!.end) neighbours = [a!, b!];
      else stream.acknowledge(b!.end);
      await stream.close();
    }
    const { stream, commits } = await read(1);
    await stream.close();

    expect(commits).toEqual([neighbours[1]]);
  });

  it("says why it cannot begin", async () => {
    const none = { slot: "no_such_slot", publication: "stream" };
    const opening = openStream({ databaseUrl, ...none }, () => ({
      idle: () => false,
      message: () => undefined,
    }));

    await expect(opening).rejects.toThrow(`replication slot "no_such_slot" does not exist`);
  });

  it("ends with the error of whoever reads it, and does not bring the process down", async () => {
    await runSql(databaseUrl, `INSERT INTO t VALUES ('x')`);
    const stream = await openStream({ databaseUrl, ...names }, () => ({
      idle: () => false,
      message() {
        throw new Error("cannot read this");
      },
    }));

    expect(await stream.ended).toMatchObject({ message: "cannot read this" });
  });

  it("ends when the server is gone, which does not wait for a reader that has everything", async () => {
    const stream = await openStream({ databaseUrl, ...names }, () => ({
      idle: () => true,
      message: () => undefined,
    }));
    const [error] = await Promise.all([stream.ended, server.stop()]);

    expect(error).toBeInstanceOf(Error);
    await server.start();
  });
});

describe("a position", () => {
  it.each(["0/0", "0/16B3748", "16/B374D848", "FFFFFFFF/FFFFFFFF"])("%s is read and written", (text) =>
    expect(lsnText(lsnOf(text))).toBe(text),
  );

  it("is compared as a number, not as text", () => {
    expect(lsnOf("9/0") < lsnOf("10/0")).toBe(true);
    expect(lsnOf("1/FFFFFFFF") + 1n).toBe(lsnOf("2/0"));
  });
});
