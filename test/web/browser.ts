// A real browser for tests: Debian's Chromium, driven by playwright-core; and people of the demo in it.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Undefined: there is none here. */
const browserPath: string | undefined = [process.env["CHROMIUM_PATH"], ...PLACES].find(
  (path) => path !== undefined && existsSync(path),
);

/** Without a browser its tests are skipped; with CI=true they fail. */
export const mustRun: boolean = browserPath !== undefined || process.env["CI"] === "true";

/** Stands in the title of tests in a browser when they are skipped. */
export const WHY_SKIPPED: string = mustRun
  ? ""
  : " (skipped: there is no Chromium here; apt-get install chromium, or CHROMIUM_PATH; with CI=true this fails)";

export function startBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error("There is no Chromium here: apt-get install chromium.");
  return chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

export interface Device {
  readonly kind: "phone" | "desktop";
  readonly locale: "zh-CN" | "en-US";
  readonly dark?: boolean;
  /** In CSS pixels; default: a small phone, a usual desktop. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Device pixels a CSS pixel: 2 when the page is zoomed to 200 %. */
  readonly scale?: number;
  readonly reducedMotion?: boolean;
}

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page: errors of the console, and what was thrown. */
  readonly faults: string[];
}

/** A person at a device, with nothing of anybody else's in it. */
export async function visit(browser: Browser, url: string, device: Device): Promise<Visitor> {
  const isPhone = device.kind === "phone";
  const context = await browser.newContext({
    viewport: device.viewport ?? (isPhone ? { width: 360, height: 760 } : { width: 1280, height: 800 }),
    deviceScaleFactor: device.scale ?? 1,
    reducedMotion: device.reducedMotion === true ? "reduce" : "no-preference",
    isMobile: isPhone,
    hasTouch: isPhone,
    locale: device.locale,
    timezoneId: "Asia/Shanghai",
    colorScheme: device.dark === true ? "dark" : "light",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(url);
  return { page, context, faults };
}

/** One click on the person's name; the browser goes to the issuer and comes back. */
async function signIn({ page }: Visitor, name: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await page.getByRole("link", { name: /Counter 017/ }).waitFor();
}

export async function enter(visitor: Visitor, name: string): Promise<void> {
  await signIn(visitor, name);
  await visitor.page.getByRole("link", { name: /Counter 017/ }).click();
  await visitor.page.getByRole("region", { name: /Messages and cards|消息与卡片/ }).waitFor();
}

/** Opens the newest of the cards that are addressed to others. */
export async function unfold({ page }: Visitor): Promise<void> {
  const line = page.locator(".aside > summary").last();
  const lines = page.locator(".asides:not([open]) > summary").last();
  await line.or(lines).first().waitFor();
  if ((await lines.count()) > 0) await lines.click();
  await line.click();
}

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds, in a line each. */
export async function violations({ page }: Visitor): Promise<string[]> {
  const { readFile } = await import("node:fs/promises");
  await page.evaluate(await readFile(axe, "utf8"));
  return page.evaluate(async () => {
    const { axe: tester } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    const found = await tester.run();
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 300)}`),
    );
  });
}
