// A benchmark from its start to its end: prints what it found, and lets go of everything, whatever happens.
import type { OnClose } from "../child.ts";

/** @param deadline milliseconds for everything */
export async function runBench(run: (onClose: OnClose) => Promise<string>, deadline: number): Promise<void> {
  const steps: (() => unknown)[] = [];
  let stopped = false;
  const close = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await Promise.resolve().then(step).catch(console.error);
  };
  const stop = async (why: string): Promise<void> => {
    console.error(why);
    stopped = true;
    await close();
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void stop(`Ended by ${signal}`));
  setTimeout(() => void stop(`Not done within ${deadline / 1000} s`), deadline).unref();
  try {
    console.log(await run((step) => steps.push(step)));
  } catch (error) {
    // What is asked when everything is being stopped is not answered.
    if (!stopped) console.error(error);
    process.exitCode = 1;
  } finally {
    await close();
  }
}
