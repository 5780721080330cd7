import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { cached } from "./cache.ts";
import { npm, type PackageManager } from "./package-managers.ts";
import { mustRun, type Ran, run } from "./run.ts";

const apps = resolve(import.meta.dirname, "..");

/** Folders in which package managers have files that they change in place. */
const OWN_FOLDERS = [".", "node_modules", "node_modules/.pnpm", ".yarn"];

/** An app with its packages in a temporary folder, which is deleted with it. */
export class InstalledApp {
  readonly folder: string;
  /** Arguments before those of Node when this app is started. */
  readonly starter: readonly string[];
  readonly #manager: PackageManager;

  /** @param name a folder of `test/apps`. Its dependencies are installed once and cached. */
  constructor(name: string, manager: PackageManager = npm) {
    this.#manager = manager;
    this.starter = manager.starter ?? [];
    const source = join(apps, name);
    const files = Object.entries(manager.files ?? {});
    const key = [readFileSync(join(source, "package.json"), "utf8"), ...manager.install, ...files].join();
    const base = cached(`installed-${name}`, key, (into) => {
      cpSync(join(source, "package.json"), join(into, "package.json"));
      for (const [file, text] of files) writeFileSync(join(into, file), text);
      const [command, ...args] = manager.install as [string, ...string[]];
      mustRun(command, args, into, manager.env);
    });
    this.folder = mkdtempSync(join(tmpdir(), `otel-forecast-app-${name}-`));
    // Hard links, for speed: package managers do not change installed packages.
    mustRun("cp", ["-al", `${base}/.`, this.folder], this.folder);
    for (const part of OWN_FOLDERS) cutLinks(join(this.folder, part));
    for (const file of readdirSync(source))
      cpSync(join(source, file), join(this.folder, file), { recursive: true, force: true });
    cpSync(join(apps, "shared"), join(this.folder, "shared"), { recursive: true });
  }

  /** Installs one more package, without special flags. */
  add(file: string): Ran {
    const [command, ...args] = this.#manager.add as [string, ...string[]];
    return run(command, [...args, file], this.folder, this.#manager.env);
  }

  /** The number of copies of a package in the app. */
  copiesOf(packageName: string): number {
    const { output } = run(
      "find",
      [
        "node_modules",
        "-path",
        `*/${packageName}/package.json`,
        "-not",
        "-path",
        "*/dist/*",
        "-not",
        "-path",
        "*/build/*",
      ],
      this.folder,
    );
    return output.split("\n").filter((line) => line !== "").length;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Replaces the hard links of a folder by copies. */
function cutLinks(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(folder, entry.name);
    cpSync(file, `${file}.own`);
    renameSync(`${file}.own`, file);
  }
}
