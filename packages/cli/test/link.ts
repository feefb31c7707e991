import { CuttingLink } from "./cutting-link.ts";
import { NamespaceLink } from "./namespace-link.ts";
import type { Link } from "./ways.ts";

/** A link whose packets really vanish where this computer allows that, else one that holds them back, and says so. */
export async function openLink(url: string): Promise<Link> {
  try {
    return NamespaceLink.open(url);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.warn(
      `Not proven here: what packets that vanish do. A proxy holds back what crosses instead, because ${why}`,
    );
    return await CuttingLink.open(url, "nothing");
  }
}
