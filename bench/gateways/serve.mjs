// The other end of ../child.ts for a gateway that is measured: it runs on plain Node, without a loader of TypeScript.
import { Session } from "node:inspector/promises";

/**
 * Answers the parent until it lets go; then ends.
 * @param {{ start(argument: any): Promise<string>, [name: string]: (argument: any) => unknown }} calls
 *   `start` returns where the gateway answers
 */
export function serve(calls) {
  let session;
  const known = {
    ...calls,
    cpu() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    memory: () => process.memoryUsage.rss(),
    async profile() {
      session = new Session();
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: 250 });
      await session.post("Profiler.start");
    },
    async profiled() {
      const { profile } = await session.post("Profiler.stop");
      session.disconnect();
      return profile;
    },
  };
  process.on("message", ({ id, name, argument }) => {
    Promise.resolve()
      .then(() => known[name](argument))
      .then(
        (result) => process.send({ id, result }),
        (error) => process.send({ id, error: String(error?.stack ?? error) }),
      );
  });
  // Ctrl-C is for the parent, which then lets go.
  process.on("SIGINT", () => undefined);
  process.once("disconnect", () => {
    void Promise.resolve(calls.close?.()).finally(() => process.exit());
  });
}
