import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What one file alone takes longest for; begun last, it would be waited for. */
const LONGEST = /\/test\/differential\//;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const [long, rest] = [true, false].map((is) =>
      sorted.filter(({ moduleId }) => LONGEST.test(moduleId) === is),
    );
    return [...(long ?? []), ...(rest ?? [])];
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
    sequence: { sequencer: LongestFirst },
    // Tests wait for servers more than they compute.
    maxWorkers: Math.max(2, availableParallelism()),
  },
});
