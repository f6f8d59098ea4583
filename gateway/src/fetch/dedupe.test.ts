// Equal reads in flight: when they are one request, and when they never are.
import { describe, expect, it } from "vitest";
import { dedupe } from "./dedupe.ts";

const setup = () => {
  const sent: string[] = [];
  const stopped: string[] = [];
  let release!: () => void;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const send = dedupe<string>(
    (request, signal) => {
      sent.push(request.context);
      return new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => {
          stopped.push(request.context);
          reject(new Error("stopped"));
        });
        void gate.then(() => resolve({ data: { for: request.context } }));
      });
    },
    ({ context }) => (context === "alone" ? null : context),
  );
  const ask = (context: string, over: object = {}, signal?: AbortSignal) =>
    send(
      {
        subgraph: "brand",
        operationKind: "query",
        operation: "{ a }",
        digest: "",
        variables: "{}",
        body: `{"query":"{ a }"}`,
        context,
        ...over,
      },
      signal,
    );
  return { sent, stopped, release, ask };
};

const errorOf = (asked: Promise<unknown>): Promise<Error | null> =>
  asked.then(
    () => null,
    (error: Error) => error,
  );

describe("equal reads in flight", () => {
  it("give to whoever joins what came, whatever the first has made of it", async () => {
    const { release, ask } = setup();
    const changed = ask("guides").then((answer) => Object.assign(answer.data!, { for: "changed" }));
    const others = [ask("guides"), ask("guides")];
    release();
    await changed;
    for (const each of await Promise.all(others)) expect(each).toEqual({ data: { for: "guides" } });
  });

  it("are one request within an audience, and every asker has an answer of its own", async () => {
    const { sent, release, ask } = setup();
    const both = [ask("guides"), ask("guides", {}, new AbortController().signal)];
    release();
    const [one, two] = await Promise.all(both);
    expect(sent).toEqual(["guides"]);
    expect(one).toEqual(two);
    expect(one!.data).not.toBe(two!.data);
    await ask("guides");
    expect(sent).toEqual(["guides", "guides"]);
  });

  it("are never joined across audiences, subgraphs, variables, or for writes", async () => {
    const { sent, release, ask } = setup();
    const all = [
      ask("guides"),
      ask("buyers"),
      ask("guides", { subgraph: "mall" }),
      ask("guides", { body: `{"query":"{ a }","variables":{"x":1}}` }),
      ask("guides", { operationKind: "mutation" }),
      ask("alone"),
      ask("alone"),
    ];
    release();
    expect((await Promise.all(all)).map(({ data }) => data)).toEqual(
      ["guides", "buyers", "guides", "guides", "guides", "alone", "alone"].map((each) => ({ for: each })),
    );
    expect(sent).toHaveLength(7);
  });

  it("go on while one waits for them, and stop when the last has left", async () => {
    const { sent, stopped, ask, release } = setup();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = errorOf(ask("guides", {}, one.signal));
    const second = errorOf(ask("guides", {}, two.signal));
    one.abort();
    expect([sent, stopped]).toEqual([["guides"], []]);
    two.abort();
    const third = ask("guides");
    for (const each of [first, second]) expect((await each)!.message).toBe("stopped");
    expect([sent, stopped]).toEqual([["guides", "guides"], ["guides"]]);
    release();
    expect(await third).toEqual({ data: { for: "guides" } });
  });

  it("go on for whoever cannot leave", async () => {
    const { stopped, ask, release } = setup();
    const one = new AbortController();
    const both = [ask("guides", {}, one.signal), ask("guides")];
    one.abort();
    release();
    for (const each of await Promise.all(both)) expect(each).toEqual({ data: { for: "guides" } });
    expect(stopped).toEqual([]);
  });

  it("that fail, fail for all who asked, and are then asked anew", async () => {
    let count = 0;
    const send = dedupe<string>(
      () => Promise.reject(new Error(`no ${++count}`)),
      () => "all",
    );
    const request = {
      subgraph: "brand",
      operationKind: "query",
      operation: "{ a }",
      digest: "",
      variables: "{}",
      body: "",
      context: "",
    } as const;
    const both = [send(request), send(request, new AbortController().signal)];
    for (const each of both) await expect(each).rejects.toThrow("no 1");
    await expect(send(request)).rejects.toThrow("no 2");
  });
});
