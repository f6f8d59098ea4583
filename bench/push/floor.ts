// The floor: PostgreSQL's NOTIFY ▸ the same bytes to as many sockets, and nothing else. No joins, no rights, no feed.
import type { AddressInfo } from "node:net";
import { Client } from "pg";
import { WebSocketServer, type WebSocket } from "ws";
import { serve } from "../child.ts";

const sockets: { readonly socket: WebSocket; readonly role: string }[] = [];
let texts: ReadonlyMap<string, Buffer> = new Map();
let server: WebSocketServer | undefined;
let client: Client | undefined;

function broadcast(): void {
  for (const { socket, role } of sockets) socket.send(texts.get(role)!, { binary: false });
}

const calls = {
  /** @returns its address; a client says its role in the path */
  async start(to: { readonly databaseUrl: string; readonly channel: string }): Promise<string> {
    client = new Client({ connectionString: to.databaseUrl });
    client.on("error", (error) => console.error(`The floor's connection broke: ${error.message}`));
    client.on("notification", broadcast);
    await client.connect();
    await client.query(`listen ${to.channel}`);
    server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
    server.on("connection", (socket, { url }) => sockets.push({ socket, role: url!.slice(1) }));
    await new Promise((listening) => server!.once("listening", listening));
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  /** What the next broadcast sends to each role. */
  prepare(next: ReadonlyMap<string, string>): void {
    texts = new Map([...next].map(([role, text]) => [role, Buffer.from(text)]));
  },
  async close(): Promise<void> {
    for (const { socket } of sockets) socket.terminate();
    server?.close();
    await client?.end();
  },
};
export type FloorCalls = typeof calls;
serve(calls);
