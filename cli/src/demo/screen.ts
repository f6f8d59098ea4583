// What the demo shows once it runs: where things are, who can sign in, what to try.
import { relative } from "node:path";
import { clean, pad, width, type Paint } from "../draw/text.ts";
import { DEMO_GROUP, DEMO_GROUPS, DEMO_PEOPLE } from "./people.ts";
import { commandLine, type PartPlan } from "./plan.ts";
import type { PartEnding } from "./supervisor.ts";

export interface ScreenContent {
  readonly gateway: string;
  readonly issuers: string;
  readonly legacy: { readonly mall: string; readonly brand: string; readonly supplier: string };
  readonly subgraphs: { readonly mall: string; readonly brand: string; readonly supplier: string };
  readonly logs: string;
  readonly seconds: number;
  /** Command line of the part that can be taken away, and its pid. */
  readonly soap: { readonly pid: number | undefined; readonly command: string };
  /** Added to commands in another terminal when the data folder is not the usual one. */
  readonly data: readonly string[];
}

export function drawScreen(content: ScreenContent, paint: Paint): string[] {
  const groups = DEMO_GROUPS.map(({ name }) => `"${name}"`).join(" and ");
  return [
    "",
    `${paint.bold("Junto: the counter story")} ${paint.green("is running")} ${paint.dim(`(${content.seconds.toFixed(1)} s)`)}`,
    "",
    ...places(content, paint),
    "",
    paint.bold(`Who can sign in`) + paint.dim(`, and their role in ${groups}`),
    ...people(paint),
    "",
    paint.bold("To try, in a second terminal"),
    ...steps(content, paint),
    "",
    paint.dim("Ctrl-C stops everything. The next start keeps the data; --fresh begins anew."),
    "",
  ];
}

function places({ gateway, issuers, legacy, subgraphs, logs }: ScreenContent, paint: Paint): string[] {
  const rows: [string, string, string][] = [
    ["Open", gateway, "the web client; sign in as anyone below"],
    ["Gateway", `${gateway}/graphql`, "GraphQL over HTTP, SSE and WebSocket"],
    ["Sign-in", issuers, "an issuer for each organization"],
    ["Mall", legacy.mall, `subgraph ${subgraphs.mall}`],
    ["Brand", legacy.brand, `subgraph ${subgraphs.brand}`],
    ["Supplier", legacy.supplier, `subgraph ${subgraphs.supplier}`],
    ["Logs", logs, ""],
  ];
  return table(rows).map((row) => `  ${paint.bold(row[0]!)}  ${row[1]!}  ${paint.dim(row[2]!)}`.trimEnd());
}

function people(paint: Paint): string[] {
  const rows = DEMO_PEOPLE.map(({ id, name, latin, title, roles }): string[] => [
    id,
    name,
    latin,
    `${title}${roles.includes("admin") ? ", admin" : ""}`,
    ...DEMO_GROUPS.map(({ members }) => members[id] ?? "not a member"),
  ]);
  return table(rows).map((row, at) => {
    const [id = "", name = "", latin = "", title = "", ...roles] = row;
    const painted = roles.map((role, group) =>
      DEMO_GROUPS[group]!.members[DEMO_PEOPLE[at]!.id] === undefined ? paint.dim(role) : paint.green(role),
    );
    return `  ${[paint.bold(id), name, latin, title, ...painted].join("  ")}`.trimEnd();
  });
}

function steps({ soap, data }: ScreenContent, paint: Paint): string[] {
  const group = ["--group", DEMO_GROUP.name];
  const junto = (...args: string[]) => commandLine([...args, ...data]);
  const input = JSON.stringify({ lines: [{ skuId: "BL2481-38", pairs: 12 }] });
  const all: [string, string[]][] = [
    ["Watch the group as the mall's floor manager", [junto("watch", ...group, "--as", "mall:lin")]],
    [
      "Ask for 12 pairs as the shop guide; the manager gets a card",
      [junto("act", ...group, "--as", "brand:guo", "--verb", "restock.submit", "--input", input)],
    ],
    [
      "Save the supplier's workbook with another figure; the card changes",
      [junto("clerk", "--sku", "BL2481-38", "--on-hand", "30")],
    ],
    [
      "Decide as the manager; card and revision stand at the foot of the card",
      [
        `${junto("act", ...group, "--as", "mall:lin", "--verb", "restock.approve")} --card ${paint.yellow("<card>")} --seen ${paint.yellow("<revision>")}`,
      ],
    ],
    ["Say something", [junto("say", ...group, "--as", "brand:guo", "On its way?")]],
    [
      "Ask anything, as anyone",
      [junto("query", "--as", "supplier:wang", ...group, `{ groups { name cards { summary } } }`)],
    ],
    [
      "Take the brand's SOAP service away, act, and bring it back",
      [soap.pid === undefined ? "" : `kill ${soap.pid}`, soap.command].filter((line) => line !== ""),
    ],
  ];
  return all.flatMap(([title, lines], at) => [
    `  ${at + 1}  ${title}`,
    ...lines.map((line) => `     ${paint.cyan(line)}`),
  ]);
}

/** Cells padded so that columns stand below each other. */
function table(rows: readonly (readonly string[])[]): string[][] {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => width(row[at] ?? ""))),
  );
  return rows.map((row) => widths.map((columns, at) => pad(row[at] ?? "", columns)));
}

/** That a part ended, why, and how to start it again. */
export function drawEnded(part: PartPlan, ending: PartEnding, paint: Paint): string[] {
  const { text, early, lines, logFile } = ending;
  return [
    "",
    paint.red(`${part.title} ${text}.`) + (early ? "" : " The demo goes on without it."),
    `Its last lines (${shortPath(logFile)}):`,
    ...(lines.length === 0 ? ["(none)"] : lines).map((line) => paint.dim(`   ${clean(line)}`)),
    "Start it again in a second terminal:",
    `   ${paint.cyan(commandLine(part.args, part.env))}`,
  ];
}

/** From here, when that is shorter. */
export function shortPath(path: string): string {
  if (path.includes("://")) return path;
  const short = relative("", path);
  return short === "" || short.startsWith("..") ? path : short;
}

export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):[^@/]*@/, "$1@");
}
