/**
 * Which projects' tests were last seen green on exactly the content that there is now. A project's content is its own package, the
 * workspace's packages that it depends on, and what says how all of them are run.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const EVERYONES = ["package.json", "pnpm-lock.yaml", "tsconfig.base.json", "vitest.config.ts"];
/** What a test reads besides. */
const ALSO = { core: ["docs/lifecycles"], backend: ["docs/failures.md"] };
const MADE = /^(node_modules|dist|coverage|\.turbo|\.vite|.*\.tsbuildinfo)$/;

export class Green {
  #root;
  #file;
  #folders;

  /** `folders`: the package of each project, below `root`. */
  constructor(root, folders) {
    this.#root = root;
    this.#file = path.join(root, "node_modules/.cache/muster/green.json");
    this.#folders = folders;
  }

  /** What each project's tests would run on now. */
  contents() {
    const packages = this.#packages();
    const digests = new Map();
    const digest = (place) => {
      const known = digests.get(place) ?? this.#digest(place);
      digests.set(place, known);
      return known;
    };
    const content = (project, folder) => {
      const places = [...EVERYONES, ...(ALSO[project] ?? []), ...within(packages, folder)];
      return createHash("sha256").update(places.map(digest).join()).digest("hex");
    };
    return Object.fromEntries(
      Object.entries(this.#folders).map(([project, folder]) => [project, content(project, folder)]),
    );
  }

  /** The projects that have changed, or were never green. */
  changed(contents) {
    const seen = this.#seen();
    return Object.keys(contents).filter((project) => seen[project] !== contents[project]);
  }

  /** Remembers these projects as green, unless they have changed since `contents` was taken. */
  remember(projects, contents) {
    const now = this.contents();
    const stable = projects.filter((project) => now[project] === contents[project]);
    const seen = { ...this.#seen(), ...pick(contents, stable) };
    mkdirSync(path.dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, JSON.stringify(seen));
  }

  #seen() {
    try {
      return JSON.parse(readFileSync(this.#file, "utf8"));
    } catch {
      return {};
    }
  }

  /** Folder and workspace dependencies of every package, by its name. */
  #packages() {
    const found = Object.values(this.#folders).map((folder) => {
      const manifest = JSON.parse(readFileSync(path.join(this.#root, folder, "package.json")));
      const needs = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
      const ours = needs.filter(([, version]) => version.startsWith("workspace:"));
      return [manifest.name, { folder, needs: ours.map(([name]) => name) }];
    });
    return Object.fromEntries(found);
  }

  #digest(place) {
    const hash = createHash("sha256");
    for (const file of this.#files(place)) {
      hash.update(`${file}\0`).update(readFileSync(path.join(this.#root, file)));
    }
    return hash.digest("hex");
  }

  #files(place) {
    if (path.extname(place) !== "") return [place];
    const entries = readdirSync(path.join(this.#root, place), { withFileTypes: true });
    return entries
      .filter(({ name }) => !MADE.test(name))
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .flatMap((entry) => {
        const file = `${place}/${entry.name}`;
        return entry.isDirectory() ? this.#files(file) : entry.isFile() ? [file] : [];
      });
  }
}

/** The folders of a package and of all that it depends on. */
function within(packages, folder) {
  const folders = new Set();
  const visit = (at) => {
    if (folders.has(at)) return;
    folders.add(at);
    const { needs } = Object.values(packages).find((one) => one.folder === at);
    for (const need of needs) visit(packages[need].folder);
  };
  visit(folder);
  return [...folders].sort((one, other) => (one < other ? -1 : 1));
}

function pick(from, names) {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}
