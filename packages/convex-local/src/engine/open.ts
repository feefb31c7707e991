import { resolve } from "node:path";
import { type Bundle, bundle } from "../bundle/bundle.ts";
import { watchFolder } from "../bundle/watch.ts";
import { Guard } from "../realm/guard.ts";
import { asUnreadable, databaseIn, holdDataDirectory } from "../storage/data-directory.ts";
import type { StoreDriver } from "../storage/driver.ts";
import { DiskFiles, type FileStore, MemoryFiles } from "../storage/file-store.ts";
import { hasLongLog, openCopyToRead, openSqlite, openSqliteToRead } from "../storage/sqlite.ts";
import { Store } from "../storage/store.ts";
import { ActionModules } from "./action-modules.ts";
import { Catalog } from "./catalog.ts";
import { systemClock, systemRandom } from "./clock.ts";
import { Committer } from "./committer.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { Files } from "./files.ts";
import { Functions } from "./functions.ts";
import { LocalEngine } from "./local-engine.ts";
import { Cursors, ensureSecret } from "./query/cursor.ts";
import { applySchema } from "./schema.ts";
import { sharingOf } from "./sharing/sharing.ts";
import { SigningKey } from "./signing-key.ts";
import { Snapshots } from "./snapshots.ts";
import { Timeline } from "./timeline.ts";

const TIMEOUT = 5_000;

/**
 * Opens the data directory, loads the functions and is ready to run them. Rejects with an EngineError (which says what to do) for a
 * folder that does not load, rows that violate its schema, and a data directory that is held, newer or unreadable.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  return await openBundled(options, await bundle(resolve(options.functions)));
}

/** The same for a folder that has been bundled already. */
export async function openBundled(options: EngineOptions, first: Bundle): Promise<Engine> {
  const folder = resolve(options.functions);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const timeout = options.timeout ?? TIMEOUT;
  const data = openData(options);
  try {
    const { store, catalog } = data;
    const timeline = new Timeline(store, clock);
    const load = (bundled: Bundle, environment: Readonly<Record<string, string>>): Functions => {
      const visible = { ...environment, ...options.env };
      const actions = new ActionModules(
        bundled.actions,
        folder,
        visible,
        clock,
        options.globals ?? {},
      );
      const functions = new Functions(bundled, actions, visible, { clock, random, timeout });
      try {
        catalog.enforce(store.transaction(() => applySchema(store, catalog, functions.schema)));
      } catch (error) {
        catalog.reload();
        throw error;
      }
      return functions;
    };
    const functions = load(first, store.environment());
    const secret = ensureSecret(store, () => random.bytes(32));
    timeline.nextTs();
    store.transaction(() => timeline.keep());
    const guard = new Guard(timeout);
    const committer = new Committer(store, catalog, timeline, clock, random, guard);
    const baseUrl = () => options.env?.["CONVEX_CLOUD_URL"] ?? "http://127.0.0.1:3210";
    const { bytes } = data;
    const engine = new LocalEngine({
      sharing: (serving) =>
        sharingOf(
          options,
          serving,
          { database: databaseIn(resolve(options.data)), timeout, baseUrl: baseUrl() },
          () => ({ ...store.environment(), ...options.env }),
        ),
      store,
      catalog,
      committer,
      snapshots: new Snapshots(data.openToRead, clock),
      signingKey: new SigningKey(store, baseUrl, random),
      files: new Files({ store, catalog, committer, bytes, secret, clock, random, baseUrl }),
      cursors: new Cursors(secret),
      clock,
      random,
      guard,
      rerunMutations: options.rerunMutations ?? 0,
      release: data.release,
      load,
      bundle: first,
      functions,
    });
    await engine.recover();
    if (options.watch) engine.followWith(watchAndLoad(folder, engine, options));
    return engine;
  } catch (error) {
    data.release();
    throw asUnreadable(databaseIn(options.data), error);
  }
}

interface Data {
  /** One more view of the database as it is now; undefined while too much waits to be taken out of the log. */
  readonly openToRead: () => Store | undefined;
  readonly store: Store;
  readonly catalog: Catalog;
  readonly bytes: FileStore;
  readonly release: () => void;
}

function openData(options: EngineOptions): Data {
  const openDriver = options.openDriver ?? openSqlite;
  if (options.data === ":memory:") {
    const store = new Store(openDriver(":memory:"));
    const bytes = options.bytes ?? new MemoryFiles();
    return {
      openToRead: () => new Store(openCopyToRead(store.driver)),
      store,
      catalog: new Catalog(store),
      bytes,
      release: () => store.close(),
    };
  }
  const directory = holdDataDirectory(resolve(options.data));
  let driver: StoreDriver | undefined;
  const release = () => {
    driver?.close();
    directory.release();
  };
  try {
    driver = openDriver(directory.database);
    const store = new Store(driver);
    const openToRead = () =>
      hasLongLog(directory.database) ? undefined : new Store(openSqliteToRead(directory.database));
    const bytes = new DiskFiles(directory.files);
    return { openToRead, store, catalog: new Catalog(store), bytes, release };
  } catch (cause) {
    release();
    throw asUnreadable(directory.database, cause);
  }
}

/** Answers what ends the watching. A folder that does not load is reported, and the last good one goes on. */
function watchAndLoad(folder: string, engine: LocalEngine, options: EngineOptions): () => void {
  let wasBroken = false;
  return watchFolder(folder, engine.inputs, async () => {
    try {
      const next = await bundle(folder);
      engine.takeOver(next);
      options.onReload?.({ wasBroken });
      wasBroken = false;
      return next.inputs;
    } catch (error) {
      wasBroken = true;
      const broken =
        error instanceof EngineError
          ? error
          : new EngineError("functions_broken", (error as Error).message, { cause: error });
      options.onBroken?.(broken);
      return undefined;
    }
  });
}
