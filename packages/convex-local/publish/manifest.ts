/** What of a package.json is published, and what it is made of. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * The package.json of the published package. The functions folder and the runtime have to share one `convex`, the app's own: it is
 * a peer.
 */
export function published(
  { name, version, description, license, engines, dependencies }: Manifest,
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
    exports: { ".": { types: "./lib/index.d.ts", default: "./lib/index.js" } },
    files: ["lib"],
    dependencies: own,
    peerDependencies: { convex },
  };
}
