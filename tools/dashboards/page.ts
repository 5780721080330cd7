import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import type { DrawnDashboard } from "./drawn.ts";

const browser = join(import.meta.dirname, "browser");
let parts: Promise<{ script: string; style: string }> | undefined;

/** One HTML page that shows a dashboard, and loads nothing. */
export async function pageOf(dashboard: DrawnDashboard): Promise<string> {
  parts ??= built();
  const { script, style } = await parts;
  const data = JSON.stringify(dashboard).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Dashboard</title>
<style>${style}</style>
<body>
<script type="application/json" id="data">${data}</script>
<script type="module">${script.replaceAll("</script", "<\\/script")}</script>
</body></html>`;
}

async function built(): Promise<{ script: string; style: string }> {
  const bundle = await rolldown({ input: join(browser, "main.ts"), platform: "browser" });
  const { output } = await bundle.generate({ format: "es", comments: false });
  await bundle.close();
  const styles = [
    fileURLToPath(import.meta.resolve("uplot/dist/uPlot.min.css")),
    join(browser, "dashboard.css"),
  ];
  return {
    script: output[0].code,
    style: styles.map((file) => readFileSync(file, "utf8")).join("\n"),
  };
}
