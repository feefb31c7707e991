/** What of a package.json is published, and what it is made of. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  /** What can be imported, and from which source file it comes. */
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

const SOURCES = /^\.\/src\/(.*)\.ts$/;

/** `index` for `./src/index.ts`: the modules that can be imported. */
export function entriesOf({ exports }: Manifest): string[] {
  return Object.values(exports).map((file) => file.replace(SOURCES, "$1"));
}

/**
 * The package.json of the published package. The functions folder and the runtime have to share one `convex`, the app's own: it is
 * a peer.
 */
export function published(
  { name, version, description, license, engines, exports, dependencies }: Manifest,
  versionOf: (dependency: string) => string,
) {
  const { convex, ...own } = Object.fromEntries(
    Object.keys(dependencies).map((dependency) => [dependency, `^${versionOf(dependency)}`]),
  );
  return {
    name,
    version,
    description,
    license,
    type: "module",
    engines,
    bin: { "convex-local": "lib/main.js" },
    exports: Object.fromEntries(
      Object.entries(exports).map(([path, file]) => [
        path,
        {
          types: file.replace(SOURCES, "./lib/$1.d.ts"),
          default: file.replace(SOURCES, "./lib/$1.js"),
        },
      ]),
    ),
    files: ["lib"],
    dependencies: own,
    peerDependencies: { convex },
  };
}
