// Starts IMS, the brand's old system: a SOAP 1.1 service over HTTP, and the pictures beside it.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SeedSize } from "@junto/seed";
import { INTERFACE_LOGIN, STAFF_LOGIN, type Login } from "./logins.ts";
import { picture } from "./picture.ts";
import { seed } from "./seed.ts";
import { createOperations } from "./service.ts";
import { PATH, soapListener } from "./soap.ts";
import { openStore, type Store } from "./store.ts";

export interface BrandLegacyOptions {
  /** A free one when absent or 0. */
  readonly port?: number;
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** SQLite; filled at the first start, used again at the next. In memory when absent. */
  readonly stateFile?: string;
  /** How much there is at the first start; `full` when absent. */
  readonly size?: SeedSize;
  /** Other systems log in with this, and may not change items and prices. */
  readonly interfaceLogin?: Login;
  /** The brand's own people. */
  readonly staffLogin?: Login;
  /** The clock of the machine that it runs on. */
  readonly now?: () => Date;
}

export interface BrandLegacy {
  /** Address of the WSDL. */
  readonly url: string;
  readonly origin: string;
  /** Milliseconds that it thinks before each answer. */
  delayMs: number;
  /** As if a broken proxy stood before it: every answer is a page of HTML. */
  nonsense: boolean;
  readonly traffic: Traffic;
  close(): Promise<void>;
}

/** What the service has had to do since its start. */
export interface Traffic {
  /** SOAP calls, by operation. */
  readonly calls: Map<string, number>;
  /** Requests under way now, and at most. */
  underWay: number;
  atOnce: number;
}

/** Resolves when it answers. */
export async function startBrandLegacy(options: BrandLegacyOptions = {}): Promise<BrandLegacy> {
  const now = options.now ?? (() => new Date());
  const store = await openStore(options.stateFile);
  const server = createServer();
  try {
    seed(store, options.size ?? "full", now());
    const origin = await open(server, options);
    const traffic: Traffic = { calls: new Map(), underWay: 0, atOnce: 0 };
    const soap = await soapListener(server, {
      operations: createOperations({ store, now, origin }),
      interfaceLogin: options.interfaceLogin ?? INTERFACE_LOGIN,
      staffLogin: options.staffLogin ?? STAFF_LOGIN,
      called: (operation) => traffic.calls.set(operation, (traffic.calls.get(operation) ?? 0) + 1),
    });
    let closing: Promise<void> | undefined;
    const end = (): Promise<void> => (closing ??= close(server, store));
    const url = `${origin}${PATH}?wsdl`;
    const legacy: BrandLegacy = { url, origin, delayMs: 0, nonsense: false, traffic, close: end };
    server.on("request", (request, response) => {
      answer(request, response, { legacy, soap, store }).catch(() => response.destroy());
    });
    return legacy;
  } catch (error) {
    await close(server, store);
    throw error;
  }
}

interface Parts {
  readonly legacy: BrandLegacy;
  readonly soap: RequestListener;
  readonly store: Store;
}

async function answer(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const { legacy, soap, store } = parts;
  const { traffic } = legacy;
  traffic.underWay += 1;
  traffic.atOnce = Math.max(traffic.atOnce, traffic.underWay);
  response.on("close", () => (traffic.underWay -= 1));
  if (legacy.delayMs > 0) await sleep(legacy.delayMs);
  // Who asked has gone, or the service was closed meanwhile.
  if (response.destroyed) return;
  const path = (request.url ?? "/").split("?")[0]!;
  if (legacy.nonsense) {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<html><head><title>Gateway</title></head><body><h1>It works!</h1></body></html>");
  } else if (path.startsWith("/img/")) {
    answerPicture(path, response, store);
  } else if (path === PATH) {
    soap(request, response);
  } else {
    notFound(response);
  }
}

function answerPicture(path: string, response: ServerResponse, store: Store): void {
  const number = /^\/img\/([A-Z]{2}\d{4})\.svg$/.exec(path)?.[1];
  const row =
    number && store.query<{ CAT_NM: string }>("SELECT CAT_NM FROM ITM WHERE ITM_NO = ?").get(number);
  if (!number || !row) return notFound(response);
  response.writeHead(200, { "content-type": "image/svg+xml", "cache-control": "public, max-age=86400" });
  response.end(picture(number, row.CAT_NM));
}

function notFound(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain" }).end("NOT FOUND");
}

async function open(server: Server, { port = 0, host = "127.0.0.1" }: BrandLegacyOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server, store: Store): Promise<void> {
  await new Promise<void>((resolve) => {
    // Not listening (any more) is an error that changes nothing here.
    server.close(() => resolve());
    server.closeAllConnections();
  });
  store.close();
}
