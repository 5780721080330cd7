import { realpathSync } from "node:fs";

/** Package managers that are not in a `node_modules` folder. */
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

/** Packages whose commands start the application in another process, or build or check it. */
const TOOLS = new Set([LAUNCHERS, BUILDERS, CHECKERS].flatMap((names) => names.split(" ")));

/** Packages of which some commands run the application, and others do not. */
const SOMETIMES: Readonly<Record<string, (script: string, args: readonly string[]) => boolean>> = {
  // Its containers run the application.
  pm2: (script) => !/\/ProcessContainer[^/]*\.js$/.test(script),
  "ts-node-dev": (script) => !script.endsWith("/wrap.js"),
  // Only for ES modules it starts another process.
  "ts-node": (script, args) =>
    script.endsWith("/bin-esm.js") || (script.includes("/bin") && beforeScript(args).includes("--esm")),
  // The development server starts another process.
  next: (script, args) => (script.includes("/bin/") ? args[0] !== "start" : /\/jest-worker\//.test(script)),
  vite: (_, args) => args[0] === "build" || args[0] === "optimize",
  astro: (_, args) => args[0] === "build" || args[0] === "check",
  nuxi: isNoStart,
  "@nuxt/cli": isNoStart,
};

/**
 * Whether a process is a tool, which inherits the variables that are meant for the application.
 * Tools are package managers (`npm run agent`), launchers (`nodemon`), builders and checkers.
 *
 * @param argv the script and its arguments: `process.argv` without the first.
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
 * Whether a process is Node's test runner, or was started by it. The output of such a process is
 * part of a test report.
 *
 * @param execArgv the options of Node itself: `process.execArgv`.
 */
export function isTestProcess(execArgv: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  return environment.NODE_TEST_CONTEXT !== undefined || execArgv.includes("--test");
}

/**
 * Whether the process is ts-node, which compiles the application in this process when `require`
 * loads it.
 */
export function compilesByRequire([script, ...args]: readonly string[]): boolean {
  if (script === undefined || isToolProcess([script, ...args])) return false;
  return /\/node_modules\/ts-node\/dist\/bin[^/]*\.js$/.test(onDisk(script).replaceAll("\\", "/"));
}

/** Follows links: `npm` on the PATH is a link to its script. */
function onDisk(script: string): string {
  try {
    return realpathSync(script);
  } catch {
    return script;
  }
}

/** The package of a script, by the last `node_modules` on its path. */
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
