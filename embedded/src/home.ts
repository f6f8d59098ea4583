// The folder of one PostgreSQL: its data, its password, the port it had last.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmod,
  chown,
  link,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { canUse, chooseAccount, SYSTEM_FOLDER } from "./account.ts";
import type { Account } from "./account.ts";
import type { EmbeddedLog } from "./log.ts";

export interface Home {
  readonly dir: string;
  /** PostgreSQL's own data folder. Known after `initialise`. */
  readonly data: string;
  readonly logFile: string;
  readonly password: string;
  readonly port: number | undefined;
  readonly account: Account | null;
  /** Makes the data folder unless it is there. */
  initialise(initdb: string): Promise<void>;
}

export async function prepareHome(dataDir: string, log: EmbeddedLog): Promise<Home> {
  const dir = resolve(dataDir);
  await mkdir(dir, { recursive: true, mode: 0o711 });
  const account = await chooseAccount();
  const inReach = account === null || (await openTheWay(account, dir));
  const port = Number(await readFile(join(dir, "port"), "utf8").catch(() => ""));
  const home = {
    dir,
    data: join(dir, "data"),
    logFile: join(dir, "postgres.log"),
    password: await ensurePassword(join(dir, "password")),
    port: Number.isInteger(port) && port > 0 ? port : undefined,
    account,
    initialise: async (initdb: string) => {
      const place = inReach ? dir : SYSTEM_FOLDER;
      if (!(await isThere(join(dir, "data", "PG_VERSION")))) await makeData(home, initdb, place, log);
      home.data = await realpath(join(dir, "data"));
    },
  };
  return home;
}

export async function rememberPort(home: Home, port: number): Promise<void> {
  await writeFile(join(home.dir, "port"), String(port));
}

/**
 * Whether the account can get into the folder. The folder itself is ours to open (to pass through, not to
 * list), and so are our own folders within the system's folder for temporary files; no others.
 */
async function openTheWay(account: Account, dir: string): Promise<boolean> {
  if (await canUse(account, dir, "enter")) return true;
  const temporary = await realpath(tmpdir());
  let folder = await realpath(dir);
  const ours = [folder];
  while (folder.startsWith(temporary + "/") && dirname(folder) !== temporary) {
    folder = dirname(folder);
    ours.push(folder);
  }
  for (const each of ours) {
    const { mode, uid } = await stat(each);
    if (uid === process.getuid?.()) await chmod(each, (mode & 0o7777) | 0o011);
  }
  return canUse(account, dir, "enter");
}

// The server's own collation, so that nothing depends on the locales that a machine has.
const LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];

/** Made aside and moved into place, so that what is there is whole, also after a kill or a race. */
async function makeData(home: Home, initdb: string, place: string, log: EmbeddedLog): Promise<void> {
  if (place !== home.dir) {
    log.warn(`The account of PostgreSQL cannot get into ${home.dir}: its data are kept in ${place}`);
    await mkdir(place, { recursive: true, mode: 0o755 });
  }
  const part = await mkdtemp(join(place, "data-"));
  const passwordFile = `${part}.password`;
  try {
    await writeFile(passwordFile, home.password, { mode: 0o600 });
    if (home.account !== null) {
      await chown(part, home.account.uid, home.account.gid);
      await chown(passwordFile, home.account.uid, home.account.gid);
    }
    await promisify(execFile)(
      initdb,
      ["-D", part, "-U", "postgres", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, ...LOCALE],
      { cwd: place, env: { ...process.env, LC_ALL: "C", TZ: "UTC" }, ...home.account },
    );
    if (place === home.dir) await rename(part, join(home.dir, "data"));
    else await symlink(part, join(home.dir, "data"));
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if (await isThere(join(home.dir, "data", "PG_VERSION"))) return; // another process was faster
    const said = (error as { stderr?: string }).stderr ?? "";
    throw new Error(`The data folder of PostgreSQL could not be made in ${home.dir}. ${said}`.trim(), {
      cause: error,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function ensurePassword(file: string): Promise<string> {
  if (!(await isThere(file))) {
    const part = `${file}.${randomBytes(6).toString("hex")}`;
    await writeFile(part, randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
    await link(part, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error; // another process was faster, and its password holds
    });
    await rm(part);
  }
  return (await readFile(file, "utf8")).trim();
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
