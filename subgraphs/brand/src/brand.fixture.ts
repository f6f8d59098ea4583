// The brand for tests: IMS with a clock that can be stopped, the subgraph, and a gateway's two sides, all over real sockets.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subgraph } from "@junto/subgraph";
import { createTestLog, startTestGateway, type TestGateway, type TestLog } from "@junto/subgraph/testing";
import { startBrandLegacy, type BrandLegacy, type BrandLegacyOptions } from "../legacy/start.ts";
import { createBrandStaff, type BrandStaff } from "./staff.ts";
import { startBrandSubgraph, type BrandSubgraphOptions } from "./subgraph.ts";

export interface Brand {
  legacy: BrandLegacy;
  subgraph: Subgraph;
  readonly gateway: TestGateway;
  readonly staff: BrandStaff;
  readonly log: TestLog;
  readonly folder: string;
  /** IMS's clock: it stands still until it is moved. */
  readonly clock: { now: number };
  /** IMS again, at the address that it had. */
  startLegacy(): Promise<void>;
  startSubgraph(options?: Partial<BrandSubgraphOptions>): Promise<void>;
  close(): Promise<void>;
}

export async function startBrand(
  options: Partial<BrandSubgraphOptions> = {},
  legacyOptions: BrandLegacyOptions = {},
): Promise<Brand> {
  const folder = await mkdtemp(join(tmpdir(), "brand-"));
  const clock = { now: Date.now() };
  const gateway = await startTestGateway();
  const log = createTestLog();
  const legacyOf = (port: number): Promise<BrandLegacy> =>
    startBrandLegacy({
      size: "small",
      stateFile: join(folder, "ims.db"),
      now: () => new Date(clock.now),
      ...legacyOptions,
      port,
    });
  const legacy = await legacyOf(0);
  const subgraphOf = async (other: Partial<BrandSubgraphOptions> = {}): Promise<Subgraph> => {
    const subgraph = await startBrandSubgraph({
      wsdlUrl: legacy.url,
      gateway: { url: gateway.url },
      stateDir: join(folder, "state"),
      log,
      pollEvery: 20,
      ...options,
      ...other,
    });
    gateway.know(subgraph);
    return subgraph;
  };
  const brand: Brand = {
    legacy,
    subgraph: await subgraphOf(),
    gateway,
    staff: createBrandStaff({ wsdlUrl: legacy.url }),
    log,
    folder,
    clock,
    async startLegacy() {
      brand.legacy = await legacyOf(Number(new URL(legacy.url).port));
    },
    async startSubgraph(other) {
      brand.subgraph = await subgraphOf(other);
    },
    async close() {
      await brand.subgraph.close();
      await brand.legacy.close();
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return brand;
}
