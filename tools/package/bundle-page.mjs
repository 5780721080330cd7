import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { root } from "./root.mjs";

/** All that a browser loads beside the page itself: the script with uPlot, and the style. */
export async function bundlePage() {
  const bundle = await rolldown({
    input: join(root, "src/page/browser/main.ts"),
    platform: "browser",
    transform: { target: "es2022" },
  });
  const { output } = await bundle.generate({ format: "es", minify: true, comments: false });
  await bundle.close();
  const [{ code, moduleIds }] = output;
  const styles = [
    fileURLToPath(import.meta.resolve("uplot/dist/uPlot.min.css")),
    join(root, "src/page/browser/page.css"),
  ];
  const style = styles.map((file) => minified(readFileSync(file, "utf8"))).join("\n");
  return { script: code, style, modules: moduleIds };
}

/** A style without comments and indentation. */
function minified(style) {
  return style
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/\s*\n\s*/g, "\n")
    .trim();
}

/** Puts the files into the code of the package, in the place of the module that reads them. */
export function withPage({ script, style }) {
  return {
    name: "page",
    load(id) {
      if (id !== join(root, "src/page/built-files.ts")) return null;
      return `export const builtFiles = () => (${JSON.stringify({ script, style })});`;
    },
  };
}
