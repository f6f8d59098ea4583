#!/usr/bin/env node
// Starts the command line: the source in a checkout, the build in an installed package.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
const source = new URL("../src/main.ts", import.meta.url);
if (!existsSync(fileURLToPath(source))) {
  await import("../dist/src/main.js");
} else if (process.execArgv.some((flag) => flag.includes("@junto/source"))) {
  const { register } = await import("tsx/esm/api");
  register();
  await import(source.href);
} else {
  // Conditions of imports are a flag of the process, so the source runs in one that has it.
  const { spawn } = await import("node:child_process");
  const child = spawn(process.execPath, ["--conditions=@junto/source", fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => (signal ? process.kill(process.pid, signal) : process.exit(code ?? 1)));
}
