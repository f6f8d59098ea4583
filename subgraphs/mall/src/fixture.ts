// For the tests: a PostgreSQL of their own, in it an ERP with the small data, and around it a subgraph and the
// two sides of a gateway.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDatabase, startPostgres } from "@junto/embedded";
import type { Subgraph } from "@junto/subgraph";
import {
  createTestLog,
  startTestGateway,
  type TestGateway,
  type TestLog,
  type TestViewer,
} from "@junto/subgraph/testing";
import { Client } from "pg";
import { startMallLegacy } from "../legacy/start.ts";
import { startMallSubgraph, type MallSubgraphOptions } from "./subgraph.ts";

export interface TestServer {
  /** A new, empty database on it. */
  database(): Promise<string>;
  stop(): Promise<void>;
  /** After `stop`, on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "mall-"));
  const start = (): ReturnType<typeof startPostgres> =>
    startPostgres({ dataDir, database: "rms", logicalReplication: true });
  let server = await start();
  let count = 0;
  return {
    database: () => createDatabase(server.url, `rms_${(count += 1)}`),
    stop: () => server.close(),
    async start() {
      server = await start();
    },
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface TestMall {
  readonly databaseUrl: string;
  /** Of its replication slot. */
  readonly slot: string;
  readonly gateway: TestGateway;
  readonly log: TestLog;
  /** Statements that were sent for requests, in order. */
  readonly statements: string[];
  /** The running one; another after `restart`. */
  subgraph: Subgraph;
  /** Runs a statement in the ERP, as its own screens would. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
  start(changes?: Partial<MallSubgraphOptions>): Promise<void>;
  close(): Promise<void>;
}

export async function startTestMall(
  server: TestServer,
  options: Partial<MallSubgraphOptions> = {},
): Promise<TestMall> {
  const databaseUrl = options.databaseUrl ?? (await server.database());
  await startMallLegacy({ dataDir: "", databaseUrl, size: "small" });
  const gateway = await startTestGateway();
  const stateDir = await mkdtemp(join(tmpdir(), "mall-state-"));
  const log = createTestLog();
  const statements: string[] = [];
  const slot = `test_${randomUUID().replaceAll("-", "")}`;
  const onQuery = (sql: string): void => void statements.push(sql);
  const start = async (changes: Partial<MallSubgraphOptions> = {}): Promise<Subgraph> => {
    const subgraph = await startMallSubgraph({
      databaseUrl,
      gateway,
      stateDir,
      slot,
      log,
      onQuery,
      ...options,
      ...changes,
    });
    gateway.know(subgraph);
    return subgraph;
  };
  const mall: TestMall = {
    databaseUrl,
    slot,
    gateway,
    log,
    statements,
    subgraph: await start(),
    sql: (text, values) => runSql(databaseUrl, text, values),
    stop: () => mall.subgraph.close(),
    async start(changes) {
      mall.subgraph = await start(changes);
    },
    async close() {
      await mall.subgraph.close();
      await gateway.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
  return mall;
}

export async function runSql<Row extends object>(
  databaseUrl: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // Without values several statements may stand in one text: they are one transaction.
    const result = await (values.length > 0 ? client.query<Row>(text, [...values]) : client.query<Row>(text));
    return result.rows;
  } finally {
    await client.end();
  }
}

/** All that a member of a group can be given. */
export const POLICIES: readonly string[] = [
  "mall.counter",
  "mall.price",
  "mall.sales",
  "mall.restock",
  "mall.restock.submit",
  "mall.restock.approve",
];

/** Members of the group of counter 017. */
export const GUIDE: TestViewer = member("brand:guo", "brand", "guide");
export const MANAGER: TestViewer = member("mall:lin", "mall", "manager");

/** A person of the mall, in no group: not limited to a counter. */
export const OWN: TestViewer = { person: "mall:zhao", organization: "mall", policies: POLICIES };

function member(person: string, organization: string, role: string): TestViewer {
  return { person, organization, group: "g17", role, subjects: ["Counter:017"], policies: POLICIES };
}
