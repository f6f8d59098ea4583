import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDatabase, startPostgres } from "./index.ts";
import type { EmbeddedPostgres } from "./index.ts";
import { isAlive } from "./postmaster.ts";

let dataDir: string;
const running: EmbeddedPostgres[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "junto-embedded-"));
});
afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startPostgres>[0]> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startPostgres({ dataDir, database: "junto", ...options });
  running.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const pidOf = async (): Promise<number> =>
  Number((await readFile(join(dataDir, "data", "postmaster.pid"), "utf8")).split("\n")[0]);

describe("startPostgres", () => {
  it("gives a database in UTF-8 that listens on this machine only", async () => {
    const { url } = await start();
    expect(await query(url, "show server_encoding")).toEqual([{ server_encoding: "UTF8" }]);
    expect(await query(url, "select lower('ÄÖ') as l, length('补货') as n")).toEqual([{ l: "äö", n: 2 }]);
    expect(await query(url, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    expect(await query(url, "show timezone")).toEqual([{ TimeZone: "UTC" }]);
    expect(new URL(url).pathname).toBe("/junto");
  });

  it("keeps the password to itself, and wants it", async () => {
    const { url } = await start();
    expect((await stat(join(dataDir, "password"))).mode & 0o777).toBe(0o600);
    const wrong = new URL(url);
    wrong.password = "guessed";
    await expect(query(wrong.href, "select 1")).rejects.toMatchObject({ code: "28P01" });
  });

  it("finds its data and its port again at the next start", async () => {
    const first = await start();
    await query(first.url, "create table kept as select 7 as n");
    await first.close();
    await expect(query(first.url, "select 1")).rejects.toThrow("ECONNREFUSED");
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "select n from kept")).toEqual([{ n: 7 }]);
  });

  it("chooses another port when somebody else has taken the remembered one", async () => {
    const first = await start();
    await first.close();
    const taker = createServer().listen(first.port, "127.0.0.1");
    await once(taker, "listening");
    try {
      const second = await start();
      expect(second.port).not.toBe(first.port);
      expect(await query(second.url, "select 1 as n")).toEqual([{ n: 1 }]);
    } finally {
      taker.close();
    }
  });

  it("says clearly that the port asked for is taken", async () => {
    const taker = createServer().listen(0, "127.0.0.1");
    await once(taker, "listening");
    const { port } = taker.address() as { port: number };
    try {
      await expect(start({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
    } finally {
      taker.close();
    }
  });

  it("refuses a folder that somebody has already", async () => {
    await start();
    await expect(start()).rejects.toThrow(`is in use by another process (junto, process ${process.pid})`);
  });

  it("lets one of two win that start a new folder at the same time", async () => {
    const outcomes = await Promise.allSettled([start(), start()]);
    const errors = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [String(outcome.reason)] : [],
    );
    expect(errors).toEqual([expect.stringContaining("is in use by another process")]);
    expect(await query(running[0]!.url, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  it("can be read with logical replication when asked to, also later on", async () => {
    const plain = await start();
    await plain.close();
    const { url } = await start({ logicalReplication: true });
    expect(await query(url, "show wal_level")).toEqual([{ wal_level: "logical" }]);
  });

  it("starts over a pid file that a dead server has left, though its pid is somebody else's now", async () => {
    const first = await start();
    const left = await readFile(join(dataDir, "data", "postmaster.pid"), "utf8");
    await first.close();
    await writeFile(join(dataDir, "data", "postmaster.pid"), left.replace(/^\d+/, String(process.pid)));
    const second = await start();
    expect(await query(second.url, "select 1 as n")).toEqual([{ n: 1 }]);
  });

  it("keeps its data elsewhere, and says so, when its account cannot get into a private folder", async (test) => {
    if (process.getuid?.() !== 0) return test.skip("skipped: only root needs another account for PostgreSQL");
    const outer = await mkdtemp("/root/junto-embedded-");
    const warnings: string[] = [];
    const log = { info: () => {}, warn: (message: string) => void warnings.push(message) };
    try {
      await mkdir(join(outer, "deep"), { mode: 0o700 });
      const postgres = await startPostgres({ dataDir: join(outer, "deep"), database: "junto", log });
      expect(await query(postgres.url, "select 1 as n")).toEqual([{ n: 1 }]);
      const place = (await query(postgres.url, "show data_directory"))[0]?.["data_directory"] as string;
      await postgres.close();
      if (place.startsWith(outer)) return; // /root is open here
      expect(warnings.join()).toContain("its data are kept in /var/lib/junto");
      expect((await stat(outer)).mode & 0o777).toBe(0o700);
      await rm(place, { recursive: true });
    } finally {
      await rm(outer, { recursive: true, force: true });
    }
  });
});

describe("an owner that is killed", () => {
  it("takes the server with it, and the next start has the data", async () => {
    const owner = await startInChild();
    const pid = await pidOf();
    await query(owner.url, "create table kept as select 7 as n");
    await kill(owner.child);
    const again = await start();
    expect(await pidOf()).not.toBe(pid);
    expect(await query(again.url, "select n from kept")).toEqual([{ n: 7 }]);
  });

  it("is replaced by the next to start, when the server has survived it", async () => {
    const owner = await startInChild();
    const pid = await pidOf();
    await query(owner.url, "create table kept as select 7 as n");
    await killGuardOf(owner.child);
    await kill(owner.child);
    expect(await isAlive(pid)).toBe(true);
    const again = await start();
    expect(again.url).toBe(owner.url);
    expect(await pidOf()).toBe(pid);
    expect(await query(again.url, "select n from kept")).toEqual([{ n: 7 }]);
    await again.close();
    expect(await isAlive(pid)).toBe(false);
  });

  it.each([
    ["", kill],
    [", also in the middle of stopping", killWhileClosing],
  ])("leaves nothing running behind%s", async (_, kill) => {
    const owner = await startInChild();
    const pid = await pidOf();
    await kill(owner.child);
    for (let tries = 0; tries < 1_000 && (await isAlive(pid)); tries++) await delay(10);
    expect(await isAlive(pid)).toBe(false);
  });
});

describe("a server of which a part has crashed", () => {
  it("stays its owner's", async () => {
    const { url } = await start();
    const client = new Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const ended = new Promise((resolve) => client.once("end", resolve));
    process.kill(rows[0]!.pid, "SIGKILL");
    await ended;
    await expect
      .poll(
        () =>
          query(
            url,
            "select application_name as name from pg_stat_activity join pg_locks using (pid) where locktype = 'advisory'",
          ).catch(() => []),
        { timeout: 20_000 },
      )
      .toEqual([{ name: `junto, process ${process.pid}` }]);
    await expect(start()).rejects.toThrow("is in use by another process");
  });
});

describe("createDatabase", () => {
  it("makes a database once", async () => {
    const { url } = await start();
    const [made, again] = await Promise.all([createDatabase(url, "other"), createDatabase(url, "other")]);
    expect(again).toBe(made);
    expect(await query(made, "select current_database() as name")).toEqual([{ name: "other" }]);
  });

  it("refuses a name that an address could not carry", async () => {
    const { url } = await start();
    await expect(createDatabase(url, "a/b")).rejects.toThrow("not a name for a database");
  });
});

/** The same, in a process of its own that can be killed. */
async function startInChild(): Promise<{ child: ChildProcess; url: string }> {
  const source = `
    import { startPostgres } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    const postgres = await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, database: "junto" });
    process.send(postgres.url);
    process.on("message", () => {
      const kill = process.kill;
      // What it would have sent to the server goes to itself.
      process.kill = () => kill(process.pid, "SIGKILL");
      void postgres.close();
    });
  `;
  const file = join(dataDir, "owner.mts");
  await writeFile(file, source);
  const child = fork(file, {
    execArgv: ["--import", import.meta.resolve("tsx"), "--conditions=@junto/source"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message) => resolve(message as string));
    child.once("exit", (code) => reject(new Error(`the child ended with ${code}`)));
  });
  return { child, url };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** It dies at the moment at which it would have told the server to stop. */
async function killWhileClosing(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.send("close");
  await ended;
}

/** What else a machine's lack of memory may kill. */
async function killGuardOf(child: ChildProcess): Promise<void> {
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
  for (const pid of children.trim().split(" ").map(Number)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
    if (command.startsWith("/bin/sh")) process.kill(pid, "SIGKILL");
  }
}
