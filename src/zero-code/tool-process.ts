import { realpathSync } from "node:fs";

/** Package managers that lie elsewhere than in a folder of packages. */
const PACKAGE_MANAGERS = [
  /\/(npm|pnpm|yarn)\/bin\/(npm|npx|npm-cli|npx-cli|npm-prefix|pnpm|pnpx|pnx|yarn|yarnpkg)\.[cm]?js$/,
  /\/yarn-v[^/]*\/bin\/yarn(pkg)?\.js$/,
  /\/\.yarn\/releases\/yarn[^/]*\.c?js$/,
  /\/corepack\/(dist|shims)\/[^/]+\.js$/,
  /\/corepack\/v\d+\/(npm|pnpm|yarn)\/.+\.[cm]?js$/,
];

const LAUNCHERS =
  "npm pnpm yarn corepack @yarnpkg/cli-dist tsx ts-node-dev tsc-watch nodemon node-dev supervisor forever pm2 foreman " +
  "cross-env env-cmd dotenv-cli @dotenvx/dotenvx dotenv-safe wait-on start-server-and-test " +
  "concurrently npm-run-all npm-run-all2 npm-watch onchange chokidar-cli";
const BUILDERS =
  "@nestjs/cli nx turbo lerna wireit wsrun @microsoft/rush @moonrepo/cli gulp gulp-cli grunt grunt-cli " +
  "typescript @swc/cli @babel/cli esbuild rollup rolldown webpack webpack-cli tsup tsdown parcel @parcel/core " +
  "tailwindcss @tailwindcss/cli postcss-cli sass";
const CHECKERS =
  "eslint prettier @biomejs/biome stylelint husky lint-staged rimraf patch-package " +
  "jest jest-cli jest-worker vitest mocha ava tap c8 nyc playwright @playwright/test cypress";

/** Packages whose commands start the application in a process of its own, or build or check it. */
const TOOLS = new Set([LAUNCHERS, BUILDERS, CHECKERS].flatMap((names) => names.split(" ")));

/** Packages of which some commands are the application. */
const SOMETIMES: Readonly<Record<string, (script: string, args: readonly string[]) => boolean>> = {
  // Its containers are the applications.
  pm2: (script) => !/\/ProcessContainer[^/]*\.js$/.test(script),
  "ts-node-dev": (script) => !script.endsWith("/wrap.js"),
  // Without ES modules, it runs the application itself.
  "ts-node": (script, args) =>
    script.endsWith("/bin-esm.js") || (script.includes("/bin") && beforeScript(args).includes("--esm")),
  // A development server has a process of its own.
  next: (script, args) => (script.includes("/bin/") ? args[0] !== "start" : /\/jest-worker\//.test(script)),
  vite: (_, args) => args[0] === "build" || args[0] === "optimize",
  astro: (_, args) => args[0] === "build" || args[0] === "check",
  nuxi: isNoStart,
  "@nuxt/cli": isNoStart,
};

/**
 * Whether a process is a tool that inherits the variables which are meant for the application: a package manager such as
 * the one of `npm run agent`, a launcher such as `nodemon`, or what builds and checks.
 *
 * @param argv what the process runs and its arguments, `process.argv` without the first.
 */
export function isToolProcess([script, ...args]: readonly string[]): boolean {
  if (script === undefined) return false;
  const path = onDisk(script).replaceAll("\\", "/");
  if (PACKAGE_MANAGERS.some((manager) => manager.test(path))) return true;
  const name = packageOf(path);
  if (name === undefined) return false;
  return SOMETIMES[name]?.(path, args) ?? TOOLS.has(name);
}

/**
 * Whether a process runs tests by Node's own runner, or is started by it: what such a process writes is part of a report.
 *
 * @param execArgv what Node itself is told, `process.execArgv`.
 */
export function isTestProcess(execArgv: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  return environment.NODE_TEST_CONTEXT !== undefined || execArgv.includes("--test");
}

/** Whether a process is ts-node that compiles the application, in this process, as `require` loads it. */
export function compilesByRequire([script, ...args]: readonly string[]): boolean {
  if (script === undefined || isToolProcess([script, ...args])) return false;
  return /\/node_modules\/ts-node\/dist\/bin[^/]*\.js$/.test(onDisk(script).replaceAll("\\", "/"));
}

/** `npm` on the PATH is a link to the script. */
function onDisk(script: string): string {
  try {
    return realpathSync(script);
  } catch {
    return script;
  }
}

/** The package that a script lies in, by the last folder of packages on its path. */
function packageOf(path: string): string | undefined {
  const inner = path.split("/node_modules/").slice(1).at(-1);
  return inner?.match(/^(@[^/]+\/)?[^/]+(?=\/)/)?.[0];
}

function beforeScript(args: readonly string[]): readonly string[] {
  const script = args.findIndex((arg) => /\.[cm]?[jt]sx?$/.test(arg));
  return script === -1 ? args : args.slice(0, script);
}

function isNoStart(_: string, args: readonly string[]): boolean {
  return args[0] !== "start" && args[0] !== "preview";
}
