import { muster, request } from "./muster.ts";
import { watched } from "./watch.ts";

/** The demo's answer to a heartbeat, one turn. It tells the room of nothing on its way: looking around is no news. */
const { news, text } = watched(await request());
await muster(news ? ["handoff", "--to", "user"] : ["task-complete"], text);
