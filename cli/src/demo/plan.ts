// The parts of the demo: how each is started, on which port, and what it waits for.
import { DEMO_ORGANIZATIONS } from "./people.ts";
import { freePorts } from "./ports.ts";

export type PartName =
  | "legacy-mall"
  | "legacy-brand"
  | "legacy-supplier"
  | "issuers"
  | "web"
  | "gateway"
  | "subgraph-mall"
  | "subgraph-brand"
  | "subgraph-supplier";

export interface PartPlan {
  readonly name: PartName;
  readonly title: string;
  /** Arguments of `junto`. */
  readonly args: readonly string[];
  /** What it needs in its environment besides that of the demo. */
  readonly env: Readonly<Record<string, string>>;
  readonly needs: readonly PartName[];
  readonly port?: number;
  /** It does something once, and ends. */
  readonly ends?: boolean;
}

export interface Ports {
  readonly gateway: number;
  readonly issuers: number;
  readonly mall: number;
  readonly brand: number;
  readonly supplier: number;
  readonly soap: number;
}

export interface PlanOptions {
  readonly data: string;
  readonly size: string;
  readonly schema: string;
  readonly ports: Ports;
}

const DEFAULT_BASE = 4000;

/** The others follow the gateway's port. 0: any that are free. */
export async function choosePorts(base: number): Promise<Ports> {
  if (base === 0) {
    const [gateway, issuers, mall, brand, supplier, soap] = (await freePorts(6)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { gateway, issuers, mall, brand, supplier, soap };
  }
  return {
    gateway: base,
    issuers: base + 100,
    mall: base + 1,
    brand: base + 2,
    supplier: base + 3,
    soap: base + 11,
  };
}

export const HIGHEST_BASE: number = 65_535 - 100;

export function planDemo({ data, size, schema, ports }: PlanOptions): PartPlan[] {
  const gateway = `http://127.0.0.1:${ports.gateway}`;
  const legacy = (organization: string, title: string, more: Partial<PartPlan> = {}): PartPlan => ({
    name: `legacy-${organization}` as PartName,
    title,
    args: ["legacy", organization, ...flag("--data", data, ".junto"), ...flag("--size", size, "full")],
    env: {},
    needs: [],
    ...more,
  });
  const subgraph = (organization: "mall" | "brand" | "supplier", usual: number): PartPlan => ({
    name: `subgraph-${organization}`,
    title: `${organization}: subgraph`,
    args: [
      "subgraph",
      organization,
      ...flag("--port", ports[organization], usual),
      ...flag("--gateway", gateway, "http://127.0.0.1:4000"),
      ...flag("--data", data, ".junto"),
    ],
    env: {},
    needs: [`legacy-${organization}`],
    port: ports[organization],
  });
  const soap = legacy("brand", "brand: SOAP service");
  return [
    legacy("mall", "mall: PostgreSQL of the retail ERP"),
    { ...soap, args: [...soap.args, ...flag("--port", ports.soap, 4011)], port: ports.soap },
    legacy("supplier", "supplier: workbooks in a folder", { ends: true }),
    {
      name: "issuers",
      title: "sign-in of the organizations",
      args: ["issuers", ...flag("--port", ports.issuers, 4100), ...flag("--data", data, ".junto")],
      env: {},
      needs: [],
      port: ports.issuers,
    },
    {
      name: "web",
      title: "web client",
      args: ["web", ...flag("--data", data, ".junto")],
      env: {},
      needs: [],
      ends: true,
    },
    {
      name: "gateway",
      title: "gateway",
      // In full: the environment could say otherwise.
      args: [
        "gateway",
        "--port",
        String(ports.gateway),
        "--data",
        data,
        ...flag("--schema", schema, "schema"),
      ],
      // The brand's pictures are in its old system.
      env: { ...addresses(ports), JUNTO_IMAGE_ORIGINS: `http://127.0.0.1:${ports.soap}` },
      needs: ["web"],
      port: ports.gateway,
    },
    subgraph("mall", 4001),
    subgraph("brand", 4002),
    subgraph("supplier", 4003),
  ];
}

/** Where the parts are, for the gateway, when that is not what supergraph.yaml says. */
function addresses(ports: Ports): Record<string, string> {
  if (ports.gateway === DEFAULT_BASE && ports.issuers === DEFAULT_BASE + 100) return {};
  const env: Record<string, string> = {};
  for (const name of ["mall", "brand", "supplier"] as const) {
    env[`JUNTO_SUBGRAPH_${name.toUpperCase()}_URL`] = `http://127.0.0.1:${ports[name]}/graphql`;
  }
  for (const id of DEMO_ORGANIZATIONS) {
    env[`JUNTO_ISSUER_${id.toUpperCase()}`] = `http://127.0.0.1:${ports.issuers}/${id}`;
  }
  return env;
}

function flag(name: string, value: string | number, usual: string | number): string[] {
  return value === usual ? [] : [name, String(value)];
}

/** What to type in another terminal to start a part. */
export function commandLine(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const words = [
    ...Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`),
    "npx",
    "junto",
    ...args.map(quoted),
  ];
  return words.join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
