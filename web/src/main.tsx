// Draws the client into the page.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { createSettings } from "./app/settings.ts";
import "./styles/index.css";

createRoot(document.querySelector("#app")!).render(
  <StrictMode>
    <App settings={createSettings()} />
  </StrictMode>,
);
