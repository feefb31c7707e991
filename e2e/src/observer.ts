import { readFileSync } from "node:fs";
import path from "node:path";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import type { api as Api } from "@muster/backend/api";
import type { Product } from "./product.ts";

// Types only: at run time a function reference is nothing but its path.
export const api = anyApi as unknown as typeof Api;

/** The owner, watching over the official client's socket. */
export class Observer implements AsyncDisposable {
  readonly #client: ConvexClient;

  constructor(product: Product) {
    const { url } = product;
    this.#client = new ConvexClient(url, { skipConvexDeploymentUrlCheck: true, logger: false });
    this.#client.setAuth(async () => {
      const file = path.join(product.home, "credentials/person.json");
      const { secret } = JSON.parse(readFileSync(file, "utf8")) as { secret: string };
      const http = new ConvexHttpClient(url, { skipConvexDeploymentUrlCheck: true, logger: false });
      const { token } = await http.action(api.auth.exchange, { secret });
      return token;
    });
  }

  /** Resolves with the first result that satisfies `condition`. The test's own time limit bounds it. */
  async until<Query extends FunctionReference<"query">>(
    query: Query,
    args: FunctionArgs<Query>,
    condition: (result: FunctionReturnType<Query>) => boolean,
  ): Promise<FunctionReturnType<Query>> {
    return await new Promise((resolve, reject) => {
      const stop = this.#client.onUpdate(
        query,
        args,
        (result) => {
          if (!condition(result)) return;
          // The first result may come before `onUpdate` has returned.
          queueMicrotask(() => stop());
          resolve(result);
        },
        reject,
      );
    });
  }

  /** Every result of a query from now on, oldest first; grows while the observer lives. */
  record<Query extends FunctionReference<"query">>(
    query: Query,
    args: FunctionArgs<Query>,
  ): FunctionReturnType<Query>[] {
    const results: FunctionReturnType<Query>[] = [];
    this.#client.onUpdate(query, args, (result) => results.push(result));
    return results;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close();
  }
}
