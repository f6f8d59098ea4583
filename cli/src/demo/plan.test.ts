// What the demo starts, where, and how a person would start it by hand.
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { createPaint, width } from "../draw/text.ts";
import { DEMO_PEOPLE } from "./people.ts";
import { choosePorts, commandLine, planDemo, type PartPlan } from "./plan.ts";
import { freePorts, holderOf, isFree } from "./ports.ts";
import { drawScreen } from "./screen.ts";

describe("the usual demo", () => {
  it("is started with commands that are short", async () => {
    const parts = planDemo({
      data: ".junto",
      size: "full",
      schema: "schema",
      ports: await choosePorts(4000),
    });
    expect(parts.map(({ args, env }) => commandLine(args, env))).toEqual([
      "npx junto legacy mall",
      "npx junto legacy brand",
      "npx junto legacy supplier",
      "npx junto issuers",
      "npx junto web",
      "JUNTO_IMAGE_ORIGINS=http://127.0.0.1:4011 npx junto gateway --port 4000 --data .junto",
      "npx junto subgraph mall",
      "npx junto subgraph brand",
      "npx junto subgraph supplier",
    ]);
  });

  it("starts a subgraph when its old system is there, the gateway when the web client is, and the rest at once", async () => {
    const parts = planDemo({
      data: ".junto",
      size: "full",
      schema: "schema",
      ports: await choosePorts(4000),
    });
    const needs = Object.fromEntries(
      parts.filter((part) => part.needs.length > 0).map((part) => [part.name, part.needs]),
    );
    expect(needs).toEqual({
      gateway: ["web"],
      "subgraph-mall": ["legacy-mall"],
      "subgraph-brand": ["legacy-brand"],
      "subgraph-supplier": ["legacy-supplier"],
    });
  });
});

describe("a demo elsewhere", () => {
  it("moves as a whole, and tells the gateway where the parts are", async () => {
    const parts = planDemo({
      data: "/tmp/my data",
      size: "small",
      schema: "schema",
      ports: await choosePorts(5000),
    });
    expect(parts.map(({ port }) => port)).toEqual([
      undefined,
      5011,
      undefined,
      5100,
      undefined,
      5000,
      5001,
      5002,
      5003,
    ]);
    expect(command(parts, "subgraph-brand")).toBe(
      "npx junto subgraph brand --port 5002 --gateway http://127.0.0.1:5000 --data '/tmp/my data'",
    );
    expect(command(parts, "legacy-mall")).toBe("npx junto legacy mall --data '/tmp/my data' --size small");
    expect(command(parts, "gateway")).toContain("JUNTO_SUBGRAPH_BRAND_URL=http://127.0.0.1:5002/graphql ");
    expect(command(parts, "gateway")).toContain("JUNTO_ISSUER_PLAZA=http://127.0.0.1:5100/plaza ");
  });

  it("can be on ports that are free", async () => {
    const ports = Object.values(await choosePorts(0));
    expect(new Set(ports).size).toBe(6);
    expect(await Promise.all(ports.map(isFree))).toEqual(ports.map(() => true));
  });
});

describe("a port", () => {
  it("that is taken is not free", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFree(port)).toBe(true);
  });

  it.runIf(process.platform === "linux")("names who has it", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(holderOf(port)).toContain(`(pid ${process.pid})`);
    await new Promise((resolve) => server.close(resolve));
    expect(holderOf(port)).toBeUndefined();
  });

  it("is free for everybody who asks for several", async () => {
    expect(new Set(await freePorts(20)).size).toBe(20);
  });
});

describe("a command line", () => {
  it("survives the shell", () => {
    expect(commandLine(["say", "--group", "Counter 017", "it's here", ""])).toBe(
      String.raw`npx junto say --group 'Counter 017' 'it'\''s here' ''`,
    );
  });
});

describe("the screen", () => {
  const content = {
    gateway: "http://127.0.0.1:4000",
    issuers: "http://127.0.0.1:4100",
    legacy: {
      mall: "postgres://junto@127.0.0.1:54321/mall",
      brand: "http://127.0.0.1:4011/ims?wsdl",
      supplier: ".junto/supplier/",
    },
    subgraphs: {
      mall: "http://127.0.0.1:4001/graphql",
      brand: "http://127.0.0.1:4002/graphql",
      supplier: "http://127.0.0.1:4003/graphql",
    },
    logs: ".junto/logs/",
    seconds: 6.21,
    soap: { pid: 4711, command: "npx junto legacy brand" },
    data: [],
  };

  it("says where things are, who can sign in, and what to try", () => {
    const screen = drawScreen(content, createPaint(false)).join("\n");
    expect(screen).toContain("Junto: the counter story is running (6.2 s)");
    expect(screen).toMatch(
      /Mall {6}postgres:\/\/junto@127\.0\.0\.1:54321\/mall +subgraph http:\/\/127\.0\.0\.1:4001\/graphql/,
    );
    expect(screen).toContain('their role in "Counter 017" and "Counter 025"');
    expect(screen).toMatch(/mall:lin +林静 +Lin Jing +floor manager, admin +manager +manager/);
    expect(screen).toMatch(/brand:hu +胡月 +Hu Yue +shop guide +not a member +guide/);
    expect(screen).toMatch(/plaza:mo .* not a member +not a member/);
    expect(screen).toContain("npx junto watch --group 'Counter 017' --as mall:lin\n");
    expect(screen).toContain("kill 4711\n     npx junto legacy brand\n");
  });

  it("puts columns below each other, also where names are Chinese", () => {
    const lines = drawScreen(content, createPaint(false)).filter((line) => /^ {2}\w+:\w+ /.test(line));
    const columns = lines.map((line) =>
      width(line.slice(0, line.search(/(manager|guide|buyer|supplier|not a member)$/))),
    );
    expect(lines).toHaveLength(DEMO_PEOPLE.length);
    expect(new Set(columns).size).toBe(1);
  });

  it("names the data folder when it is not the usual one", () => {
    const screen = drawScreen({ ...content, data: ["--data", "/tmp/x"] }, createPaint(false)).join("\n");
    expect(screen.match(/--data \/tmp\/x/g)?.length).toBeGreaterThanOrEqual(6);
  });
});

function command(parts: readonly PartPlan[], name: string): string {
  const { args, env } = parts.find((part) => part.name === name)!;
  return commandLine(args, env);
}
