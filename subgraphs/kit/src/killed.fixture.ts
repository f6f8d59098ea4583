// A process that stores changes and rows, says so, and is then killed by the test that started it.
import { createShop, shopOptions } from "./shop.options.fixture.ts";
import { startSubgraph } from "./subgraph.ts";
import { createTestLog } from "./testing/index.ts";

const [stateDir, gatewayUrl] = process.argv.slice(2) as [string, string];

await startSubgraph({
  ...shopOptions(createShop()),
  gateway: { url: gatewayUrl },
  stateDir,
  log: createTestLog(),
  async watch(sink) {
    const rows = new Map([["BL1", 1]]);
    await sink.reconcile({ table: "stock", rows, change: () => undefined });
    const changes = Array.from({ length: 3 }, (_, n) => ({
      entity: "Order",
      key: { id: `R${n}` },
      kind: "CREATED" as const,
    }));
    await sink.emit(changes, { name: "log", value: "3" });
    return { close: () => Promise.resolve() };
  },
});
process.stdout.write("stored\n");
