import { readdirSync, readFileSync } from "node:fs";
import type { Product } from "./product.ts";

/** A living process of a product, known by its environment: whoever started it, and in whatever group. */
export interface ProductProcess {
  readonly pid: number;
  readonly command: string;
  /** The role that it runs for, or undefined. */
  readonly role: string | undefined;
}

/** Every process that carries the product's home in its environment, zombies excepted. */
export function processesOf(product: Product): ProductProcess[] {
  const home = `MUSTER_HOME=${product.home}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const environment = read(`/proc/${name}/environ`).split("\0");
      if (!environment.includes(home)) return [];
      const role = environment.find((entry) => entry.startsWith("MUSTER_ROLE="))?.slice(12);
      const command = read(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
      return command === "" ? [] : [{ pid: Number(name), command, role }];
    });
}

/** The process may end between two looks; then there is nothing to read. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
