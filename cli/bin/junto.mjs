#!/usr/bin/env -S node --max-semi-space-size=64
// Starts the command line: the source in a checkout, the build in an installed package. A gateway makes many objects
// that live for one request; the flag gives Node room for them, in MB (docs/guides/operators.md, "Memory").
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
  // Conditions of imports are a flag of the process, so the source runs in one that has it. By the channel
  // between the two, what runs on hears when this one was killed.
  const { spawn } = await import("node:child_process");
  const flags = [...process.execArgv, "--conditions=@junto/source"];
  const args = [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  if (process.send) child.on("message", (message) => process.send(message));
  if (process.channel) process.once("disconnect", () => child.disconnect());
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const handled of signals) process.removeAllListeners(handled);
    process.kill(process.pid, signal);
  });
}
