import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    // The page runs under `default-src 'self'`: nothing may become an inline script, style or data URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    name: "webapp",
    // As in the projects of the root's vitest.config.ts: files share their workers, and all of the cores.
    isolate: false,
    maxWorkers: "100%",
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://127.0.0.1:3210/" } },
    css: { include: /tokens\.css/u },
    setupFiles: ["src/test/set-up.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
