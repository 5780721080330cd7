import { join } from "node:path";
import { packageOf } from "./packages.ts";
import { run } from "./run.ts";
import { bunProgram } from "./runtimes.ts";

/** How a package manager installs what an app has, and one package more. */
export interface PackageManager {
  readonly install: readonly string[];
  /** The file of the package is put at its end. */
  readonly add: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files that the app has for it. */
  readonly files?: Readonly<Record<string, string>>;
  /** What stands before Node's own arguments in its apps, where Node alone does not find packages. */
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

/** npm of that version, whichever comes with Node. */
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

/** @param linker `node-modules`, or `pnp`: without a folder of packages. */
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

/** Where npm installs from: others ask elsewhere unless they are told. */
function registry(): string {
  const { output } = run("npm", ["config", "get", "registry"], import.meta.dirname);
  return output.split("\n").find((line) => line.startsWith("http")) ?? "";
}
