import { CliError } from "../errors.ts";
import { readPrivateJson, type Home } from "../home.ts";

const DEFAULT_URL = "http://127.0.0.1:3210";

/** What `muster up` leaves behind so that every other command finds it. */
export interface Current {
  readonly url: string;
  readonly siteUrl: string;
  readonly pid: number;
  readonly startTime: string;
  readonly data: string;
  /** The daemon that ends with it. */
  readonly daemonPid?: number | undefined;
}

export async function readCurrent(home: Home): Promise<Current | null> {
  const value = await readPrivateJson(home.current);
  if (value === null) return null;
  const { url, siteUrl, pid, startTime, data, daemonPid } = value;
  if (
    typeof url !== "string" ||
    typeof siteUrl !== "string" ||
    typeof pid !== "number" ||
    typeof data !== "string"
  ) {
    return null;
  }
  return {
    url,
    siteUrl,
    pid,
    startTime: typeof startTime === "string" ? startTime : "",
    data,
    ...(typeof daemonPid === "number" ? { daemonPid } : {}),
  };
}

/**
 * The backend's origin: MUSTER_URL, else the running `muster up`, else the default port.
 * No argument, link or file of a repository can redirect it, so that no token leaves for elsewhere.
 */
export async function backendUrl(env: NodeJS.ProcessEnv, home: Home): Promise<string> {
  const wanted = env["MUSTER_URL"];
  if (wanted !== undefined && wanted !== "") return originOf(wanted);
  return (await readCurrent(home))?.url ?? DEFAULT_URL;
}

function originOf(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new CliError("usage", `${url} is not the address of a backend.`, {
      hint: `It looks like ${DEFAULT_URL}`,
    });
  }
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") {
    throw new CliError("usage", `A backend is reached by http or https, not by ${parsed.protocol}`);
  }
  return parsed.origin;
}
