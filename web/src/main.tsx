// Draws the client into the page.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { createSettings } from "./app/settings.ts";
import { boot } from "./app/boot.ts";
import { loadWords } from "./words/words.ts";
import "./styles/index.css";

const AGAIN = 2_000;

/** Nothing can be said before there are words. */
async function start(): Promise<void> {
  const settings = createSettings();
  for (;;) {
    try {
      await loadWords(settings.locale.get());
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
  createRoot(document.querySelector("#app")!).render(
    <StrictMode>
      <App settings={settings} />
    </StrictMode>,
  );
}

void boot().catch(() => undefined); // who waits for it says so
void start();
