import { join } from "node:path";
import { packageOf } from "./packages.ts";
import { run } from "./run.ts";
import { bunProgram } from "./runtimes.ts";

/** How a package manager installs the dependencies of an app, and one more package. */
export interface PackageManager {
  readonly install: readonly string[];
  /** The file of the package is appended. */
  readonly add: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the app for this package manager. */
  readonly files?: Readonly<Record<string, string>>;
  /** Arguments before those of Node in its apps, if Node alone does not find packages. */
  readonly starter?: readonly string[];
}

const npmArguments = ["install", "--no-audit", "--no-fund"];

export const npm: PackageManager = {
  install: ["npm", ...npmArguments, "--loglevel=error"],
  add: ["npm", ...npmArguments, "--prefer-offline"],
};

const pnpmProgram = ["npx", "--yes", "pnpm@12.21.0"];

export const pnpm: PackageManager = {
  install: [...pnpmProgram, "install", "--prefer-offline"],
  add: [...pnpmProgram, "add", "--prefer-offline"],
};

/** npm in this version, independent of the npm of Node. */
export function npmOf(version: string): PackageManager {
  const program = [process.execPath, join(packageOf("npm", version), "bin/npm-cli.js")];
  return {
    install: [...program, ...npmArguments, "--loglevel=error"],
    add: [...program, ...npmArguments, "--prefer-offline"],
  };
}

export function yarn1(): PackageManager {
  const program = [process.execPath, join(packageOf("yarn", "1.22.22"), "bin/yarn.js"), "--no-progress"];
  return {
    install: [...program, "install"],
    add: [...program, "add"],
    env: { npm_config_registry: registry() },
  };
}

/** @param linker `node-modules`, or `pnp`, which has no folder of packages. */
export function yarn4(linker: "node-modules" | "pnp"): PackageManager {
  const program = [process.execPath, join(packageOf("@yarnpkg/cli-dist", "4.18.1"), "bin/yarn.js")];
  return {
    install: [...program, "install", "--no-immutable"],
    add: [...program, "add"],
    env: { YARN_ENABLE_TELEMETRY: "0", YARN_NPM_REGISTRY_SERVER: registry() },
    // A lock file of its own makes the folder a project.
    files: { ".yarnrc.yml": `nodeLinker: ${linker}\nnpmMinimalAgeGate: 0\n`, "yarn.lock": "" },
    starter: linker === "pnp" ? [...program.slice(1), "node"] : [],
  };
}

export function bun(): PackageManager {
  return { install: [bunProgram(), "install"], add: [bunProgram(), "add"] };
}

/** The registry of npm. Other package managers have another default. */
function registry(): string {
  const { output } = run("npm", ["config", "get", "registry"], import.meta.dirname);
  return output.split("\n").find((line) => line.startsWith("http")) ?? "";
}
