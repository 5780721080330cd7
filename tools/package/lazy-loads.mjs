import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OPTIONAL, REQUIRE_OPTIONAL } from "./optional-package.mjs";
import { root } from "./root.mjs";

/** What sources load by `load("...")` when it is asked for, by the name of the file that it becomes. */
const LAZY = {
  yaml: "yaml",
  "sdk-node": "@opentelemetry/sdk-node",
  "otlp-grpc": "@opentelemetry/exporter-metrics-otlp-grpc",
  "otlp-http-json": "@opentelemetry/exporter-metrics-otlp-http",
  "otlp-http-protobuf": "@opentelemetry/exporter-metrics-otlp-proto",
};

/** Name and source of each file that is loaded when it is asked for. */
export const lazyFiles = Object.entries(LAZY).map(([name, source]) => [
  name,
  fileURLToPath(import.meta.resolve(source)),
]);

const fileOf = new Map(Object.entries(LAZY).map(([name, source]) => [source, `./${name}.cjs`]));
fileOf.set("../src/zero-code/zero-code.ts", "./zero-code.cjs");

/**
 * Turns `load("yaml")`, which a bundler doesn't see, into a `require` of the file that it becomes, and a `require` that a module
 * makes for itself into the one that is there.
 */
export function withLazyLoads() {
  return {
    name: "lazy-loads",
    transform(code, id) {
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

function requireOf(source, id) {
  const file = source.startsWith("node:") ? source : fileOf.get(source);
  if (file === undefined) throw new Error(`${id}: load("${source}") is not in tools/package/lazy-loads.mjs`);
  return `require("${file}")`;
}
