import { chromium, type Browser } from "playwright-core";
import { findBrowser } from "../../scripts/browser.mjs";

/** A headless Chromium that talks to nobody but the product. As root it runs without its own sandbox. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  return await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}
