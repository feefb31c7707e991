import { start } from "convex-local";

/** The runtime alone, in a process of its own. Prints its URL, and tells its parent how often functions ran whenever it is asked. */
const [functions = "", data = "", port = "0", workers] = process.argv.slice(2);
const deployment = await start({
  functions,
  data,
  port: Number(port),
  sitePort: 0,
  ...(workers === undefined ? {} : { queryWorkers: Number(workers) }),
});
process.stdout.write(`${deployment.url}\n`);
process.on("message", () => process.send?.(deployment.calls()));
process.once("disconnect", () => process.exit());
process.once("SIGTERM", () => void deployment.close().then(() => process.exit()));
