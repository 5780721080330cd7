import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";

const folder = join(import.meta.dirname, "stand-ins");

/** Stand-ins themselves import what they stand for. */
const OTHERS = /^(?!.*[/\\]stand-ins[/\\])/;

/** An instrumentation that only measures. Most of its base package is for hooking modules, which it does not do. */
const MEASURING = /@opentelemetry[/\\]instrumentation-runtime-node/;

const apiPackage = readFileSync(join(root, "node_modules/@opentelemetry/api/package.json"), "utf8");
const apiVersion = JSON.parse(apiPackage).version;

/** The stand-in of each module, and the package whose files import it. */
const STAND_INS = [
  { for: "import-in-the-middle", by: "nothing" },
  { for: "require-in-the-middle", by: "nothing" },
  // Only for channelz and load reports, which read files of the package.
  { for: "@grpc/proto-loader", by: "nothing" },
  { for: "@opentelemetry/instrumentation", in: MEASURING, by: "instrumentation" },
  { for: /\/execAsync\.mjs$/, in: /@opentelemetry[/\\]resources/, by: "exec-async" },
  { for: "@modelcontextprotocol/server/_shims", by: "mcp-shims" },
  { for: "http", in: /@opentelemetry[/\\]exporter-prometheus/, by: "no-server" },
  { for: /\/global-utils\.mjs$/, in: /@opentelemetry[/\\]api[/\\]/, by: "api-globals" },
  // See `kept-globals.mjs`: an app that replaces timers replaces those of these modules too.
  { for: /^(node:)?timers$/, in: OTHERS, by: "own-timers" },
  { for: /^(node:)?timers\/promises$/, in: OTHERS, by: "own-waits" },
];

/** Replaces modules of bundled packages that this package must not contain or run. */
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
