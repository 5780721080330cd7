import { join } from "node:path";
import { rolldown } from "rolldown";
import { bundlePage, withPage } from "./bundle-page.mjs";
import { KEPT_GLOBALS } from "./kept-globals.mjs";
import { withLazyImports } from "./lazy-imports.mjs";
import { lazyFiles, withLazyLoads } from "./lazy-loads.mjs";
import { OPTIONAL } from "./optional-package.mjs";
import { root } from "./root.mjs";
import { withStandIns } from "./stand-ins.mjs";

/**
 * The code that `--import` starts and the code that an application imports are one file: they share
 * state.
 */
const CORE = { "zero-code": join(root, "src/zero-code/zero-code.ts"), index: join(root, "src/index.ts") };
const OTHERS = {
  register: join(root, "instrumentation/register.ts"),
  cli: join(root, "src/cli.ts"),
  // As an entry it shares a file with the command line, which it must not load again.
  "mcp-server": join(root, "src/commands/mcp/mcp-server.ts"),
  ...Object.fromEntries(lazyFiles),
};

/** What is loaded when somebody asks for the page. */
const OF_PAGE = /[/\\]src[/\\]page[/\\](?!page-routes)/;

/**
 * Bundles the code into a folder. Returns the source files, the files of the page, and the names
 * that an application can import.
 */
export async function bundleCode(folder) {
  const page = await bundlePage();
  const modulesOfCore = await modulesOf(CORE, page);
  const bundle = await bundled({ ...CORE, ...OTHERS }, page);
  const { output } = await bundle.write({
    dir: folder,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    codeSplitting: {
      groups: [
        { name: "page", test: OF_PAGE, priority: 1 },
        { name: "core", test: (id) => modulesOfCore.has(id) && !OF_PAGE.test(id), priority: 2 },
        { name: "yaml-library", test: /[/\\]node_modules[/\\]yaml[/\\]/, priority: 1 },
        { name: "commands", test: /[/\\]src[/\\](commands|status)[/\\]/, minShareCount: 2, priority: 1 },
        { name: "otlp", test: /@opentelemetry[/\\](otlp-|exporter-metrics-otlp)/, priority: 1 },
      ],
    },
    minify: true,
    comments: false,
  });
  await bundle.close();
  const chunks = output.filter((it) => it.type === "chunk");
  const index = chunks.find(({ fileName }) => fileName === "index.cjs");
  if (index === undefined) throw new Error("the bundler wrote no index.cjs");
  return { modules: [...idsOf(output), ...page.modules], page, names: index.exports };
}

function bundled(input, page) {
  return rolldown({
    input,
    platform: "node",
    external: [/^node:(?!timers)/, /^@grafana\//, "@platformatic/kafka", OPTIONAL],
    plugins: [withPage(page), withLazyLoads(), withStandIns(), withLazyImports()],
    transform: { target: "node22.15", inject: KEPT_GLOBALS },
    // bcryptjs has a default export beside its names, which we import.
    checks: { mixedExports: false },
  });
}

async function modulesOf(input, page) {
  const bundle = await bundled(input, page);
  const { output } = await bundle.generate({ format: "cjs" });
  await bundle.close();
  return new Set(idsOf(output));
}

function idsOf(output) {
  return output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
}
