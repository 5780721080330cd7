import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "../../test/apps/harness/cache.ts";
import { packed } from "../../test/apps/harness/package-under-test.ts";
import { mustRun } from "../../test/apps/harness/run.ts";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(file("../../package.json"), "utf8"));

/** Apps in temporary folders outside of the clone, each with its packages installed by npm. */
export class InstalledApps {
  #root = mkdtempSync(join(tmpdir(), "otel-forecast-bench-"));

  /** An app without packages. */
  withNothing() {
    return this.#app(() => {});
  }

  /** An app with packages from the registry. They are installed once and cached between runs. */
  withPackages(packages) {
    const kept = cached("bench-app", packages.join(), (into) => install(into, packages));
    return this.#app((into) => mustRun("cp", ["-al", `${kept}/.`, into], into));
  }

  /** An app with this package, packed as it is published. */
  withThisPackage() {
    const tarball = packed();
    try {
      return this.#app((into) => install(into, [tarball]));
    } finally {
      rmSync(dirname(tarball), { recursive: true });
    }
  }

  remove() {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #app(fill) {
    const folder = mkdtempSync(join(this.#root, "app-"));
    fill(folder);
    cpSync(file("../apps"), folder, { recursive: true });
    return folder;
  }
}

/** Packages in the versions that this package is developed with. */
export function asDeveloped(...names) {
  return names.map((name) => `${name}@${devDependencies[name]}`);
}

/** What is installed in a folder: the number of packages and files, and their size on the disk. */
export function installedIn(folder) {
  const modules = join(folder, "node_modules");
  if (!existsSync(modules)) return { packages: 0, files: 0, megabytes: 0 };
  const { packages } = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8"));
  const entries = readdirSync(modules, { recursive: true, withFileTypes: true });
  return {
    packages: Object.keys(packages).length,
    files: entries.filter((entry) => entry.isFile()).length,
    megabytes: Number.parseInt(mustRun("du", ["-sk", modules], folder), 10) / 1024,
  };
}

function install(into, packages) {
  writeFileSync(join(into, "package.json"), JSON.stringify({ private: true, type: "module" }));
  mustRun(
    "npm",
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", ...packages],
    into,
  );
}
