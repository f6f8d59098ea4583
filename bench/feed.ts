// The web client with a group of 2,000 feed items and 200 live cards: how long its frames take while it scrolls, and
// while 50 cards a second change, with the gateway and the old systems behind it. README.md says how to read it.
//
//   npm run bench:feed                 prints a table, in about four minutes
//   npm run bench:feed -- --small      300 items and 40 cards, to see that it runs
import { cpus, loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { buildClient, makeDemoGroup } from "@junto/cli";
import { Client } from "pg";
import { chromium, type Page } from "playwright-core";
import { startChild, type OnClose } from "./child.ts";
import { table, type Phase } from "./feed/figures.ts";
import { startMeasuring, stopMeasuring } from "./feed/in-page.ts";
import type { GatewayCalls } from "./push/gateway.ts";
import { post, signIn } from "./push/order.ts";
import { startSystems } from "./push/systems.ts";

const isSmall = process.argv.includes("--small");
const ITEMS = isSmall ? 300 : 2_000;
const CARDS = isSmall ? 40 : 200;
/** Changes a second. */
const RATE = 50;
/** Seconds for each phase. */
const SPAN = isSmall ? 4 : 15;
const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const READER = { button: /林静/, group: "Counter 017" };

interface Bench {
  readonly page: Page;
  /** To the mall's own database. */
  readonly erp: Client;
  readonly orders: readonly string[];
}

async function run(onClose: OnClose): Promise<string> {
  const load = loadavg()[0]!;
  const bench = await start(onClose);
  const phases: Phase[] = [];
  const nearest = bench.orders.slice(-3);
  for (const [name, scrolls, changed] of [
    ["nothing", false, []],
    [`${RATE} a second, of ${nearest.length} cards in sight`, false, nearest],
    ["scrolling", true, []],
    [`${RATE} cards a second`, false, bench.orders],
    [`both`, true, bench.orders],
  ] as const)
    phases.push(await measure(bench, name, scrolls, changed));
  return table(phases, {
    items: ITEMS,
    cards: CARDS,
    load,
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`,
  });
}

async function start(onClose: OnClose): Promise<Bench> {
  const { dist } = await buildClient();
  const { config, issuers, erp: databaseUrl } = await startSystems(onClose);
  const gateway = startChild<GatewayCalls>(new URL("push/gateway.ts", import.meta.url), onClose);
  await gateway.ask("start", { ...config, webDir: dist });
  const { id: group } = await makeDemoGroup({ gateway: config.publicUrl, issuers });
  const erp = new Client({ connectionString: databaseUrl });
  onClose(() => erp.end());
  await erp.connect();
  const orders = await fill(config.publicUrl, issuers, group, erp);

  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  onClose(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "en-US" });
  // The name that esbuild gives to functions does not come along into the page.
  await page.addInitScript("globalThis.__name = (each) => each");
  await page.goto(config.publicUrl);
  await page.getByRole("button", { name: READER.button }).click();
  await page.getByRole("link", { name: READER.group }).click();
  await page.locator("article.card").first().waitFor();
  await page.evaluate(LOAD_ALL);
  return { page, erp, orders };
}

/** What people say, and between it orders, whose cards the gateway posts by its rule. */
async function fill(url: string, issuers: string, group: string, erp: Client): Promise<string[]> {
  const [guide, manager] = await Promise.all([signIn(issuers, "brand:guo"), signIn(issuers, "mall:lin")]);
  const say = (at: number): Promise<unknown> =>
    post(
      `${url}/graphql`,
      { query: SAY, variables: { group, key: `bench ${at}`, text: TEXTS[at % TEXTS.length] } },
      { authorization: `Bearer ${at % 3 === 0 ? manager : guide}` },
    );
  const orders: string[] = [];
  const every = Math.floor(ITEMS / CARDS);
  for (let at = 0; at < ITEMS; at += every) {
    const { rows } = await erp.query<{ RPL_NO: string }>(ORDER, [at % 2 === 0 ? "38" : "39", 1 + (at % 40)]);
    orders.push(rows[0]!.RPL_NO.trim());
    for (let next = at + 1; next < at + every; next += 1) await say(next);
  }
  for (;;) {
    const answer = await post(
      `${url}/graphql`,
      { query: CARDS_THERE, variables: { group } },
      { authorization: `Bearer ${manager}` },
    );
    if ((answer as Counted).data.group.cards.length >= Math.min(CARDS, 100)) return orders;
    await delay(200);
  }
}

async function measure(
  { page, erp }: Bench,
  name: string,
  scrolls: boolean,
  changed: readonly string[],
): Promise<Phase> {
  await page.evaluate(startMeasuring, scrolls);
  const began = performance.now();
  let sent = 0;
  while (performance.now() - began < SPAN * 1_000) {
    const due = changed.length > 0 ? Math.floor(((performance.now() - began) / 1_000) * RATE) : 0;
    for (; sent < due; sent += 1)
      await erp.query(`update "T_RPL_H" set "REMARK" = $1 where "RPL_NO" = $2`, [
        `note ${name} ${sent}`,
        changed[(sent * 7) % changed.length],
      ]);
    await delay(10);
  }
  return {
    name,
    sent,
    seconds: (performance.now() - began) / 1_000,
    ...(await page.evaluate(stopMeasuring)),
  };
}

const SAY = `mutation ($group: ID!, $text: String!, $key: String!) {
  postMessage(groupId: $group, text: $text, key: $key) { userErrors { message } }
}`;
const CARDS_THERE = `query ($group: ID!) { group(id: $group) { cards(first: 100) { id } } }`;
interface Counted {
  readonly data: { readonly group: { readonly cards: readonly unknown[] } };
}
const ORDER = `WITH h AS (
  INSERT INTO "T_RPL_H" ("CNTR_ID", "STS", "SBM_DT", "SBM_USR", "REMARK")
  VALUES ('017', '10', "F_NOW"(), 'brand:guo', 'bench') RETURNING "RPL_NO"
), l AS (
  INSERT INTO "T_RPL_L" ("RPL_NO", "LN_NO", "PRD_ID", "SZ_CD", "QTY") SELECT "RPL_NO", 1, 'BL2481', $1, $2 FROM h
) SELECT "RPL_NO" FROM h`;
const TEXTS = [
  "周末客流大，38 码快断了。",
  "38 is coming tomorrow, we can send the first part.",
  "好的，先按 12 双申请。",
  "Please look at the shelf price too; the suggested one went up last week, and ours is still the old one.",
  "收到。",
];
/** Until there is nothing older. */
const LOAD_ALL = `(async () => {
  for (;;) {
    const older = document.querySelector("button.older");
    if (!older) return;
    if (!older.disabled) older.click();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
})()`;

const closing: (() => unknown)[] = [];
try {
  console.log(await run((step) => closing.unshift(step)));
} finally {
  for (const step of closing) await step();
}
