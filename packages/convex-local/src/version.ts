/** What the program and `/version` call themselves; the number is that of `package.json`. */
export const VERSION = "convex-local 0.1.0";
