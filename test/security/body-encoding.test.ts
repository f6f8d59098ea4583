// Body and encoding (CVE-2024-28101, CVE-2024-43783, CVE-2026-23897): nothing is unpacked beyond what is allowed, nothing is read in
// another charset, nobody may send without end, and who sends slowly keeps nobody waiting.
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { startDoors } from "./doors.ts";
import { openShop } from "./open-shop.ts";

const { graph, doors } = await openShop({});

const WELL = { data: { own: "of the shop" } };
const QUERY = '{"query":"{ own }"}';
const well = async (): Promise<unknown> => (await doors.overHttp({ query: "{ own }" })).data;

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");

describe("a body", () => {
  it.each([
    ["gzip", gzipSync(QUERY)],
    ["x-gzip", gzipSync(QUERY)],
    ["GZIP", gzipSync(QUERY)],
    ["br", brotliCompressSync(QUERY)],
    ["deflate", deflateSync(QUERY)],
    ["identity", Buffer.from(QUERY)],
  ])("compressed as %s is unpacked", async (encoding, body) => {
    expect(await doors.post(body, { "content-encoding": encoding })).toMatchObject({ status: 200, ...WELL });
  });

  it.each([
    ["gzip", gzipSync(Buffer.alloc(50_000_000))],
    ["br", brotliCompressSync(Buffer.alloc(50_000_000))],
    ["deflate", deflateSync(Buffer.alloc(50_000_000))],
  ])("that is a bomb of %s is refused before it has grown", async (encoding, body) => {
    const answer = await doors.post(body, { "content-encoding": encoding });
    expect([answer.status, answer.errors![0].extensions.code]).toEqual([413, "TOO_LARGE"]);
  });

  it("may be as large as is allowed when it is unpacked, and no larger", async () => {
    const text = (bytes: number): string => `${QUERY}${" ".repeat(bytes - QUERY.length)}`;
    const small = await startDoors(graph, { limits: { bodySize: 5_000 } });
    const statusOf = async (body: Buffer, headers = {}): Promise<number> =>
      (await small.post(body, headers)).status;
    for (const [pack, encoding] of [[gzipSync, "gzip"] as const, [brotliCompressSync, "br"] as const]) {
      expect(await statusOf(pack(text(5_000)), { "content-encoding": encoding })).toBe(200);
      expect(await statusOf(pack(text(5_001)), { "content-encoding": encoding })).toBe(413);
    }
    expect(await statusOf(Buffer.from(text(5_000)))).toBe(200);
    expect(await statusOf(Buffer.from(text(5_001)))).toBe(413);
    await small.close();
  });

  it.each([
    ["gzip, gzip", gzipSync(gzipSync(QUERY)), 415],
    ["zstd", Buffer.from(QUERY), 415],
    ["compress", Buffer.from(QUERY), 415],
    ["gzip", Buffer.from(QUERY), 400],
    ["gzip", gzipSync(QUERY).subarray(0, 20), 400],
    ["br", gzipSync(QUERY), 400],
    ["gzip", Buffer.alloc(0), 400],
  ])("said to be %s that is not read as that is refused", async (encoding, body, status) => {
    const answer = await doors.post(body, { "content-encoding": encoding });
    expect(answer.status).toBe(status);
    expect(answer.data).toBeUndefined();
    expect(await well()).toEqual(WELL.data);
  });

  it.each([
    ["UTF-16, and says so", utf16(QUERY), "application/json; charset=utf-16le"],
    ["UTF-16, and says nothing", utf16(QUERY), "application/json"],
    ["UTF-7", '{"query":"+AHs- own +AH0-"}', "application/json; charset=utf-7"],
    [
      "bytes that are no UTF-8",
      Buffer.from([...Buffer.from('{"query":"{ own } #'), 0xff, 0xfe, 0x22, 0x7d]),
      "application/json",
    ],
    [
      "an overlong quotation mark",
      Buffer.from([...Buffer.from('{"query":"{ own } #'), 0xc0, 0xa2, 0x22, 0x7d]),
      "application/json",
    ],
    [
      "a surrogate as bytes",
      Buffer.from([...Buffer.from('{"query":"{ own } #'), 0xed, 0xa0, 0x80, 0x22, 0x7d]),
      "application/json",
    ],
  ])("in %s is refused", async (_what, body, type) => {
    const answer = await doors.post(body, { "content-type": type });
    expect(answer.status).toBe(type === "application/json" ? 400 : 415);
    expect(answer.data).toBeUndefined();
  });

  it.each([
    ["with a mark of its order", `\ufeff${QUERY}`],
    ["with escapes", '{"\\u0071uery":"\\u007b own }"}'],
    ["with one name twice: the last", '{"query":"{ nope }","query":"{ own }"}'],
  ])("in UTF-8 %s is read", async (_what, body) => {
    expect(await doors.post(body)).toMatchObject({ status: 200, ...WELL });
  });

  it.each([
    ["lists", "[".repeat(500_000) + "]".repeat(500_000)],
    ["objects", '{"a":'.repeat(150_000) + "1" + "}".repeat(150_000)],
  ])("of %s nested as deep as it is long is answered, as a whole and as a variable", async (_what, value) => {
    // A list is a batch: of one request, which is none.
    const whole = JSON.stringify(await doors.post(value));
    expect(whole).toContain(
      "A request is a JSON object.|A request has".split("|")[value.startsWith("[") ? 0 : 1],
    );
    const answer = await doors.post(
      `{"query":"query ($any: Any) { echo(any: $any) }","variables":{"any":${value.slice(0, 400_000)}`,
    );
    expect(answer.status).toBe(400);
    const variable = value.length < 1_000_000 ? value : "[".repeat(400_000) + "]".repeat(400_000);
    const used = await doors.post(
      `{"query":"query ($any: Any) { echo(any: $any) }","variables":{"any":${variable}}}`,
    );
    expect(used.errors ?? used.data).toBeDefined();
    expect(JSON.stringify(used)).not.toMatch(/node_modules|at .+\.ts:/);
    expect(await well()).toEqual(WELL.data);
  });

  it("larger than is allowed is refused before it is read, at both doors of HTTP", async () => {
    const body = JSON.stringify({ query: `{ own } #${"x".repeat(1_100_000)}` });
    expect((await doors.post(body)).status).toBe(413);
    const changes = await fetch(`${doors.url}/changes`, { method: "POST", body });
    expect(changes.status).toBe(413);
  });
});

describe("a connection", () => {
  const HEAD =
    "POST /graphql HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer shop:ann\r\nContent-Type: application/json\r\n";

  it("that sends without end is ended", async () => {
    const raw = await doors.raw();
    raw.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    for (let n = 0; n < 64; n++) raw.write(chunk);
    expect(await raw.answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it("that says to send more than is allowed is ended at once", async () => {
    const raw = await doors.raw();
    raw.write(`${HEAD}Content-Length: 999999999\r\n\r\n{`);
    expect(await raw.answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it.each([
    ["two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}"],
    ["a length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a chunk whose length is none", "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"],
    ["a header without end", `X: ${"x".repeat(100_000)}\r\n\r\n`],
    ["a header with a NUL", "X: \0\r\n\r\n"],
  ])("with %s is refused", async (_what, rest) => {
    const raw = await doors.raw();
    raw.write(HEAD + rest);
    expect(await raw.answer).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(await well()).toEqual(WELL.data);
  });

  const ACCEPT = ["application/json", "text/event-stream"];

  it.each(ACCEPT)(
    "with more headers than headerSize is refused, also for %s, and to a handshake",
    async (accept) => {
      const small = await startDoors(graph, { limits: { headerSize: 1_024 } });
      for (const rest of [
        `Accept: ${accept}\r\nContent-Length: ${QUERY.length}`,
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13",
      ]) {
        const raw = await small.raw();
        raw.write(`${HEAD}X: ${"x".repeat(1_024)}\r\n${rest}\r\n\r\n${QUERY}`);
        expect(await raw.answer).toMatch(/^HTTP\/1.1 431 /);
      }
      await small.close();
    },
  );

  it.each(ACCEPT)("that takes longer than arrivalTime is ended, also for %s", async (accept) => {
    const strict = await startDoors(graph, { limits: { arrivalTime: 50 } });
    const raw = await strict.raw();
    raw.write(`${HEAD}Accept: ${accept}\r\nContent-Length: ${QUERY.length}\r\n\r\n${QUERY.slice(0, 5)}`);
    expect(await raw.answer).toMatch(/^HTTP\/1.1 4\d\d /);
    await strict.close();
  });

  it("that is slow keeps nobody waiting, and is not waited for without end", async () => {
    const slow = await Promise.all(Array.from({ length: 50 }, () => doors.raw()));
    for (const raw of slow)
      raw.write(`${HEAD}Connection: close\r\nContent-Length: ${QUERY.length}\r\n\r\n${QUERY.slice(0, 5)}`);
    expect(await well()).toEqual(WELL.data);
    for (const raw of slow) raw.write(QUERY.slice(5));
    for (const raw of slow) expect(await raw.answer).toContain(JSON.stringify(WELL));
    // What Node ends slow requests by: 0 would be never.
    expect(doors.server.requestTimeout).toBeGreaterThan(0);
    expect(doors.server.requestTimeout).toBeLessThanOrEqual(60_000);
    expect(doors.server.headersTimeout).toBeGreaterThan(0);
  });
});
