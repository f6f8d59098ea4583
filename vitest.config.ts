import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest; begun last, it would be waited for alone. */
const SLOW = [/\/test\/(differential|web|cli|docs)\//, /\/test\//];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = SLOW.findIndex((slow) => slow.test(moduleId));
      return at < 0 ? SLOW.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  resolve: {
    conditions: ["@junto/source"],
    // The build that Node itself gives to everyone: two copies of graphql refuse each other's schemas.
    alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }],
  },
  ssr: { resolve: { conditions: ["@junto/source"], externalConditions: ["@junto/source"] } },
  test: {
    include: [
      "{template,gateway,embedded,web,cli}/src/**/*.test.{ts,tsx}",
      "subgraphs/*/{src,legacy}/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    // Tests that start servers wait for them; nothing waits for a span of time.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for comes when it comes, on a slow machine too.
    expect: { poll: { timeout: 30_000 } },
    pool: "forks",
    sequence: { sequencer: SlowFirst },
    // Tests wait for servers more than they compute.
    maxWorkers: availableParallelism() + 1,
  },
});
