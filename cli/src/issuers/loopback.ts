// Addresses of this machine.
import { isIP } from "node:net";

export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname: host, protocol } = new URL(address);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return host === "localhost" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));
}
