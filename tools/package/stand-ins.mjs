import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const folder = join(import.meta.dirname, "stand-ins");

/** Instrumentations that only measure: the larger part of what they are based on is for hooking modules. */
const MEASURING = /@opentelemetry[/\\]instrumentation-(host-metrics|runtime-node)/;

const apiPackage = readFileSync(join(root, "node_modules/@opentelemetry/api/package.json"), "utf8");
const apiVersion = JSON.parse(apiPackage).version;

/** What stands for what, where a file of a package imports it. */
const STAND_INS = [
  { for: "import-in-the-middle", by: "nothing" },
  { for: "require-in-the-middle", by: "nothing" },
  { for: "systeminformation/lib/network.js", by: "nothing" },
  { for: "@opentelemetry/instrumentation", in: MEASURING, by: "instrumentation" },
  { for: /\/execAsync\.mjs$/, in: /@opentelemetry[/\\]resources/, by: "exec-async" },
  { for: "http", in: /@opentelemetry[/\\]exporter-prometheus/, by: "no-server" },
  { for: /\/global-utils\.mjs$/, in: /@opentelemetry[/\\]api[/\\]/, by: "api-globals" },
];

/** Gives bundled packages stand-ins for what they are not to have or do. */
export function withStandIns() {
  return {
    name: "stand-ins",
    resolveId(source, importer = "") {
      const found = STAND_INS.find(
        (it) =>
          (it.for === source || (it.for instanceof RegExp && it.for.test(source))) &&
          (it.in?.test(importer) ?? true),
      );
      return found === undefined ? null : join(folder, `${found.by}.mjs`);
    },
    load(id) {
      if (id !== join(folder, "api-globals.mjs")) return null;
      return readFileSync(id, "utf8").replace("__API_VERSION__", apiVersion);
    },
  };
}
