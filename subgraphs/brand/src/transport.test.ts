import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { createTransport } from "./transport.ts";

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  const started = (server = createServer(listener));
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/`;
}

const transport = createTransport({ timeout: 500, atOnce: 2 });
/** The answer's body, as `soap` gets it. */
const send = promisify((url: string, done: (error: unknown, body?: string) => void) => {
  void transport.request(url, "<a/>", (error: unknown, _response: unknown, body: string) =>
    done(error, body),
  );
});

describe("HTTP to the service", () => {
  it("tries once more when a kept connection was closed under it", async () => {
    let requests = 0;
    const url = await serve((request, response) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else response.setHeader("content-type", "text/xml").end("<b/>");
    });
    expect(await send(url)).toBe("<b/>");
    expect(requests).toBe(2);
  });

  it("tries no more than that", async () => {
    let requests = 0;
    const url = await serve((request) => {
      requests += 1;
      request.socket.destroy();
    });
    await expect(send(url)).rejects.toMatchObject({ code: "LEGACY_AWAY" });
    expect(requests).toBe(2);
  });

  it.each<[string, string, RequestListener]>([
    [
      "an answer without end",
      "LEGACY_TIMEOUT",
      (_request, response) => void response.writeHead(200).write("<b>"),
    ],
    [
      "a redirect to somewhere else",
      "LEGACY_AWAY",
      (_request, response) => response.writeHead(302, { location: "/" }).end(),
    ],
    [
      "an answer of 9 MB",
      "LEGACY_NONSENSE",
      (_request, response) => response.setHeader("content-type", "text/xml").end("x".repeat(9_000_000)),
    ],
    [
      "JSON",
      "LEGACY_NONSENSE",
      (_request, response) => response.setHeader("content-type", "application/json").end("{}"),
    ],
  ])("does not put up with %s", async (_what, code, listener) => {
    const url = await serve(listener);
    await expect(send(url)).rejects.toMatchObject({ code });
  });
});
