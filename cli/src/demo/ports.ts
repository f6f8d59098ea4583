// Ports of the demo: whether they are free, who has one that is not, and free ones for a second demo.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";

const HOST = "127.0.0.1";

export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== undefined;
}

/** Ports that are free now. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await listen(0);
    if (port !== undefined && !ports.includes(port)) ports.push(port);
  }
  return ports;
}

function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const { port: got } = server.address() as AddressInfo;
      server.close(() => resolve(got));
    });
  });
}

/** "node … (pid 7)" of the process that listens on a port; undefined when that cannot be seen from here. */
export function holderOf(port: number): string | undefined {
  try {
    const inodes = listeningInodes(port);
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      if (socketsOf(pid).some((inode) => inodes.has(inode)))
        return `${commandOf(Number(pid)) ?? "a process"} (pid ${pid})`;
    }
  } catch {
    // Not Linux: there is no /proc to ask.
  }
  return undefined;
}

/** The command line of a process, shortened; undefined when that cannot be seen from here. */
export function commandOf(pid: number): string | undefined {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean);
    return words.join(" ").slice(0, 160);
  } catch {
    return undefined;
  }
}

/** Inodes of the sockets that listen on a port, from the kernel's tables: state 0A is LISTEN. */
function listeningInodes(port: number): Set<string> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) => {
    try {
      return readFileSync(table, "utf8").split("\n").slice(1);
    } catch {
      return []; // a machine without IPv6
    }
  });
  const columns = lines.map((line) => line.trim().split(/\s+/));
  return new Set(
    columns.filter((row) => row[1]?.endsWith(wanted) && row[3] === "0A").map((row) => row[9] ?? ""),
  );
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // closed meanwhile
      }
    });
  } catch {
    return []; // of another user
  }
}
