// PostgreSQL refuses to run as root. As root it is run under another account, for which files and folders
// must be within reach.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where things go that the account cannot reach in a private folder. */
export const SYSTEM_FOLDER = "/var/lib/junto";

const run = promisify(execFile);

/** The account to run PostgreSQL under; null: the one of this process. */
export async function chooseAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const there = await readAccount();
  if (there !== null) return there;
  try {
    await run("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/bin/false",
      "postgres",
    ]);
  } catch (error) {
    // Two processes may have tried at once.
    const made = await readAccount();
    if (made !== null) return made;
    throw new Error(
      "PostgreSQL does not run as root, and the account `postgres` is not there and could not be made. " +
        "Make it, or run as another account, or give the address of a PostgreSQL server.",
      { cause: error },
    );
  }
  const made = await readAccount();
  if (made === null) throw new Error("The account `postgres` was made but is not in /etc/passwd");
  return made;
}

/** Whether the account may list and enter a folder, or execute a file in it. */
export async function canUse(account: Account, path: string, right: "enter" | "execute"): Promise<boolean> {
  const flags = right === "enter" ? ["-x", path] : ["-r", path, "-a", "-x", path];
  return run("test", flags, { uid: account.uid, gid: account.gid, cwd: "/" }).then(
    () => true,
    () => false,
  );
}

async function readAccount(): Promise<Account | null> {
  const passwd = await readFile("/etc/passwd", "utf8").catch(() => "");
  const fields = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .find(([name]) => name === "postgres");
  return fields === undefined ? null : { uid: Number(fields[2]), gid: Number(fields[3]) };
}
