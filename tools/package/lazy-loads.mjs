import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OPTIONAL, REQUIRE_OPTIONAL } from "./optional-package.mjs";
import { root } from "./root.mjs";

/** What sources load with `load("...")` at the first use, by the name of its bundled file. */
const LAZY = {
  yaml: "yaml",
  bcrypt: "bcryptjs",
  "sdk-node": "@opentelemetry/sdk-node",
  "otlp-grpc": "@opentelemetry/exporter-metrics-otlp-grpc",
  "otlp-http-json": "@opentelemetry/exporter-metrics-otlp-http",
  "otlp-http-protobuf": "@opentelemetry/exporter-metrics-otlp-proto",
  // The exporters of an application load the package that the application has. This is for the gateway.
  "grpc-server": "@grpc/grpc-js",
};

/** The same for files of ours, by their path in `src` as it is loaded. */
const OWN = { gate: { source: "./gate.json", file: join(root, "src/weights/gate.json") } };

/** Name and source of each of these files. */
export const lazyFiles = [
  ...Object.entries(LAZY).map(([name, source]) => [name, fileURLToPath(import.meta.resolve(source))]),
  ...Object.entries(OWN).map(([name, { file }]) => [name, file]),
];

const fileOf = new Map(Object.entries(LAZY).map(([name, source]) => [source, `./${name}.cjs`]));
for (const [name, { source }] of Object.entries(OWN)) fileOf.set(source, `./${name}.cjs`);
fileOf.set("../src/zero-code/zero-code.ts", "./zero-code.cjs");

/**
 * Turns `load("yaml")`, which the bundler does not follow, into a `require` of the bundled file.
 * Turns a `require` that a module creates into the `require` of the bundle.
 */
export function withLazyLoads() {
  return {
    name: "lazy-loads",
    transform(code, id) {
      if (/node_modules[/\\]bcryptjs[/\\]/.test(id)) return withShortTurns(code);
      const own = code.replace(/\b(?:\w+\.)?createRequire\(import\.meta\.url\)/g, "require");
      const isOurs = id.startsWith(join(root, "src")) || id.startsWith(join(root, "instrumentation"));
      return isOurs
        ? own.replace(/\bload\("([^"]+)"\)/g, (_, source) => requireOf(source, id))
        : own.replaceAll(`__require("${OPTIONAL}")`, REQUIRE_OPTIONAL);
    },
    resolveId(source) {
      return [...fileOf.values()].includes(source) ? { id: source, external: true } : null;
    },
  };
}

/** bcryptjs would keep the event loop of the application busy for 100 ms at a time. */
function withShortTurns(code) {
  const long = "MAX_EXECUTION_TIME = 100;";
  if (!code.includes(long)) throw new Error(`bcryptjs has no longer "${long}"`);
  return code.replace(long, "MAX_EXECUTION_TIME = 5;");
}

function requireOf(source, id) {
  const file = source.startsWith("node:") ? source : fileOf.get(source);
  if (file === undefined) throw new Error(`${id}: load("${source}") is not in tools/package/lazy-loads.mjs`);
  return `require("${file}")`;
}
