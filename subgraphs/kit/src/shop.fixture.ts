// Starts the shop's subgraph and a gateway for one test, and ends them after it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { createShop, shopOptions, type Shop } from "./shop.options.fixture.ts";
import { startSubgraph } from "./subgraph.ts";
import {
  createTestLog,
  startTestGateway,
  type TestGateway,
  type TestLog,
  type TestViewer,
} from "./testing/index.ts";
import type { Subgraph, SubgraphOptions } from "./types.ts";

export { createShop, shopOptions, type Shop } from "./shop.options.fixture.ts";

export const everything: readonly string[] = ["shop.counter", "shop.orders", "shop.price", "shop.sell"];
/** A person of another organization, in a group about counter 017. */
export const member: TestViewer = {
  person: "brand:guo",
  organization: "brand",
  group: "g1",
  role: "guide",
  subjects: ["Counter:017"],
  policies: everything,
};
/** A person of the shop, in no group. */
export const owner: TestViewer = { person: "shop:lin", organization: "shop", policies: everything };

export interface RunningShop {
  readonly shop: Shop;
  readonly gateway: TestGateway;
  readonly subgraph: Subgraph;
  readonly stateDir: string;
  readonly log: TestLog;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

/** To be called when the test is over, last one first. */
export function afterThis(clean: () => unknown): void {
  cleanups.push(clean);
}

export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "junto-kit-"));
  afterThis(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Starts the shop for one test. Given a running one, takes over its gateway and its state. */
export async function startShop(
  options: Partial<SubgraphOptions<Shop>> = {},
  before?: Partial<Pick<RunningShop, "shop" | "gateway" | "stateDir">>,
): Promise<RunningShop> {
  const shop = before?.shop ?? createShop();
  const log = createTestLog();
  const stateDir = before?.stateDir ?? temporaryDir();
  const gateway = before?.gateway ?? (await startTestGateway());
  if (!before?.gateway) afterThis(() => gateway.close());
  const subgraph = await startSubgraph({
    ...shopOptions(shop),
    gateway: { url: gateway.url },
    stateDir,
    log,
    ...options,
  });
  afterThis(() => subgraph.close());
  return { shop, gateway, subgraph, stateDir, log };
}
