import { spawn } from "node:child_process";
import { join } from "node:path";
import { writePrivate, type Home } from "../home.ts";

/**
 * Opens a sign-in link in the person's browser. The link goes through a private file, since a program's arguments can be
 * read by every user of the machine. A machine without a browser is no failure: the link was printed.
 */
export async function openInBrowser(home: Home, link: string): Promise<void> {
  const file = join(home.root, "open.html");
  await writePrivate(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${link}">\n`);
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(program, [file], { stdio: "ignore", detached: true });
  child.once("error", () => undefined);
  child.unref();
}
