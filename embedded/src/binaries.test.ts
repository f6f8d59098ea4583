import { chmod, mkdir, mkdtemp, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { canUse, chooseAccount } from "./account.ts";
import { findBinaries, hydrate } from "./binaries.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "junto-binaries-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("makes the symbolic links that the package lists, when its install script did not run", async () => {
  const native = join(folder, "native");
  await mkdir(join(native, "lib"), { recursive: true });
  await writeFile(join(native, "lib", "libicuuc.so.60.2"), "library");
  const links = [
    { source: "native/lib/libicuuc.so.60.2", target: "native/lib/libicuuc.so.60" },
    { source: "native/lib/libicuuc.so.60.2", target: "native/lib/libicuuc.so" },
  ];
  await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
  await hydrate(native);
  await hydrate(native);
  expect(await readlink(join(native, "lib", "libicuuc.so.60"))).toBe("libicuuc.so.60.2");
  expect(await readlink(join(native, "lib", "libicuuc.so"))).toBe("libicuuc.so.60.2");
});

it("finds binaries that the account can execute", async () => {
  const account = await chooseAccount();
  const log = { info: () => {}, warn: () => {} };
  const { postgres, initdb } = await findBinaries(account, log);
  for (const file of [postgres, initdb]) {
    expect((await stat(file)).isFile()).toBe(true);
    expect(account === null || (await canUse(account, file, "execute"))).toBe(true);
  }
});

it("knows what the account of PostgreSQL cannot reach", async (test) => {
  const account = await chooseAccount();
  if (account === null) return test.skip("skipped: only root needs another account for PostgreSQL");
  await chmod(folder, 0o700);
  expect(await canUse(account, folder, "enter")).toBe(false);
  await chmod(folder, 0o711);
  expect(await canUse(account, folder, "enter")).toBe(true);
});
