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

/** Where package managers have files of their own, which they write into. */
const OWN_FOLDERS = [".", "node_modules", "node_modules/.pnpm", ".yarn"];

/** An app with all that it has, in a folder of its own that goes with it. */
export class InstalledApp {
  readonly folder: string;
  /** What stands before Node's own arguments where this app is started. */
  readonly starter: readonly string[];
  readonly #manager: PackageManager;

  /** @param name a folder beside this one's; its dependencies are installed once and kept. */
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
    // Linked, for speed: package managers don't write into packages that are there.
    mustRun("cp", ["-al", `${base}/.`, this.folder], this.folder);
    for (const part of OWN_FOLDERS) cutLinks(join(this.folder, part));
    for (const file of readdirSync(source))
      cpSync(join(source, file), join(this.folder, file), { recursive: true, force: true });
    cpSync(join(apps, "shared"), join(this.folder, "shared"), { recursive: true });
  }

  /** Installs one package more, with no flag that a user would have to know. */
  add(file: string): Ran {
    const [command, ...args] = this.#manager.add as [string, ...string[]];
    return run(command, [...args, file], this.folder, this.#manager.env);
  }

  /** How many copies of a package lie in the app. */
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

/** Makes the files of a folder its own, of which there were links. */
function cutLinks(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(folder, entry.name);
    cpSync(file, `${file}.own`);
    renameSync(`${file}.own`, file);
  }
}
