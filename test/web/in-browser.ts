// The story with the web client built and served, and a browser to look at it.
import { buildClient } from "@junto/cli";
import type { GatewayConfig } from "@junto/gateway";
import type { Browser } from "playwright-core";
import { startStory, type Story } from "../support/story.ts";
import { startBrowser } from "./browser.ts";

export interface InBrowser {
  readonly story: Story;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** @param more takes the place of parts of the gateway's configuration */
export async function startInBrowser(more: Partial<GatewayConfig> = {}): Promise<InBrowser> {
  const { dist } = await buildClient();
  const story = await startStory({
    also: async (_gateway, _dir, _issuers, brand) => ({
      config: { webDir: dist, imageOrigins: [new URL(brand).origin], ...more },
      subgraphs: [],
    }),
  });
  const browser = await startBrowser().catch(async (error: unknown) => {
    await story.close();
    throw error;
  });
  return {
    story,
    browser,
    async close() {
      await browser.close();
      await story.close();
    },
  };
}
