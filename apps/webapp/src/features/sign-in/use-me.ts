import { useQuery } from "convex/react";
import { api } from "#lib/backend.ts";

/** Who is signed in; undefined until the backend answered. */
export function useMe(): { readonly name: string } | undefined {
  return useQuery(api.auth.whoami, {});
}
