import type { api as Api } from "@muster/backend/api";
import { anyApi } from "convex/server";

/** The backend's functions by name. Only its types are known here: at run time a reference is nothing but its path. */
export const api = anyApi as unknown as typeof Api;
