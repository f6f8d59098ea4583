// The client's build. In development (`npm run dev --workspace web`) the gateway of a running demo answers behind it.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const gateway = { target: process.env["JUNTO_URL"] ?? "http://127.0.0.1:4000", ws: true };

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ["@junto/source", "module", "browser"] },
  build: { target: "es2023", modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: { "/graphql": gateway, "/client.json": gateway } },
});
