// What the log lets out: enough to find a fault, never a secret, never a row.
import { expect, describe, it } from "vitest";
import { createLog } from "./index.ts";

const JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJsaW4ifQ.c2lnbmF0dXJl";

describe("the log", () => {
  it("writes a line of JSON with name, level and time", () => {
    const { log, lines } = collecting();
    log.info({ port: 4000 }, "listening");
    log.debug("not at this level");
    expect(lines()).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        pid: process.pid,
        name: "gateway",
        port: 4000,
        msg: "listening",
      },
    ]);
  });

  it.each([
    ["a header", { headers: { authorization: `Bearer ${JWT}` } }],
    ["a request's header", { req: { headers: { authorization: JWT, cookie: "a=hunter2" } } }],
    ["a token by its name", { token: "hunter2" }],
    ["a token in an answer", { answer: { access_token: "hunter2" } }],
    ["a token in a text", { note: `sent with ${JWT}` }],
    ["an opaque token in a text", { note: "Authorization: Bearer hunter2" }],
    ["a password in an address", { note: "connecting to postgres://junto:hunter2@db/junto" }],
    ["a password in an error", { err: new Error("no route to postgres://junto:hunter2@db/junto") }],
  ])("hides %s", (_, details) => {
    const { log, text } = collecting();
    log.warn(details, `about ${JWT}`);
    expect(text()).not.toMatch(/hunter2|c2lnbmF0dXJl|eyJ/);
    expect(() => JSON.parse(text())).not.toThrow();
  });

  it("says of an error what it is, its code, its place and its causes, and nothing else that hangs on it", () => {
    const { log, lines, text } = collecting();
    const cause = Object.assign(new Error("duplicate key"), {
      code: "23505",
      detail: "Key (name)=(canary) exists.",
    });
    log.error({ err: new Error("could not store", { cause }) }, "failed");
    expect(lines()[0]).toMatchObject({
      err: { type: "Error", message: "could not store", cause: { message: "duplicate key", code: "23505" } },
    });
    expect(text()).toContain("log.test.ts");
    expect(text()).not.toContain("canary");
  });

  it("survives errors that cause each other, and what is no error", () => {
    const { log, lines } = collecting();
    const error = new Error("round");
    error.cause = error;
    log.error({ err: error }, "failed");
    log.error({ err: "a text" }, "failed");
    expect(lines()).toHaveLength(2);
  });
});

function collecting(): { log: ReturnType<typeof createLog>; text: () => string; lines: () => unknown[] } {
  let written = "";
  const destination = { write: (text: string) => void (written += text) };
  const log = createLog({ level: "info", name: "gateway", destination });
  const lines = () =>
    written
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
  return { log, text: () => written, lines };
}
