// A shop behind its doors, for all tests of a file.
import { afterAll } from "vitest";
import type { TestGraph } from "../support/graph.ts";
import { startDoors, type DoorOptions, type Doors } from "./doors.ts";
import { startShop } from "./shop.ts";

/** Stands until the last test of the file is over. */
export async function openShop(
  grants: Parameters<typeof startShop>[0],
  options?: DoorOptions,
): Promise<{ readonly graph: TestGraph; readonly doors: Doors }> {
  const graph = await startShop(grants);
  const doors = await startDoors(graph, options);
  afterAll(async () => {
    await doors.close();
    await graph.close();
  });
  return { graph, doors };
}
