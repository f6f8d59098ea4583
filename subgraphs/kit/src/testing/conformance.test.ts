import { beforeAll, afterAll, describe, expect, it } from "vitest";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createShop, shopOptions } from "../shop.options.fixture.ts";
import { startSubgraph } from "../subgraph.ts";
import type { Subgraph } from "../types.ts";
import {
  conformance,
  createTestLog,
  startTestGateway,
  type EntitySample,
  type TestGateway,
} from "./index.ts";

let gateway: TestGateway;
let subgraph: Subgraph;
const stateDir = mkdtempSync(join(tmpdir(), "junto-conformance-"));

beforeAll(async () => {
  gateway = await startTestGateway();
  const options = shopOptions(createShop());
  subgraph = await startSubgraph({
    ...options,
    gateway: { url: gateway.url },
    stateDir,
    log: createTestLog(),
  });
});
afterAll(async () => {
  await subgraph.close();
  await gateway.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const checks = (entities: Record<string, EntitySample>): ReturnType<typeof conformance> =>
  conformance({ subgraph: () => subgraph, gateway: () => gateway, entities });

describe("the shop conforms", () => {
  const samples = {
    Order: { key: "R1", field: "pairs", policies: ["shop.orders"], subject: "Counter:017" },
    Product: { key: "BL1", field: "price { minor }", policies: ["shop.price"] },
  };
  it.each(checks(samples))("$name", async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

describe("the checks find", () => {
  it.each([
    [
      "an entity that is not there",
      "shows",
      "there is no Order R9",
      { key: "R9", field: "pairs", policies: ["shop.orders"], subject: "Counter:017" },
    ],
    [
      "a field that needs more than was said",
      "shows",
      "Order R1 came with errors",
      { key: "R1", field: "pairs", policies: [], subject: "Counter:017" },
    ],
    [
      "a field that needs no policy",
      "does not show",
      "id was shown",
      { key: "BL1", field: "id", policies: ["shop.counter"] },
    ],
  ])("%s", async (_, name, message, sample) => {
    const type = sample.key === "BL1" ? "Product" : "Order";
    const check = checks({ [type]: sample }).find((each) => each.name.startsWith(`${type}: ${name}`));
    await expect(check!.run()).rejects.toThrow(message);
  });

  it("rows that are there for everyone", async () => {
    const sample = { key: "BL1", field: "name", policies: ["shop.counter"], subject: "Counter:017" };
    const check = checks({ Product: sample }).find((each) => each.name.includes("is not there for a group"));
    await expect(check!.run()).rejects.toThrow("Product is there for");
  });
});
