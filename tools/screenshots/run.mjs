// Takes the pictures in docs/images, with a Chromium on the PATH, and with a Prometheus for the
// dashboards. The arguments name the pictures: page, dashboards; default: all.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";
import { takeDashboards } from "./dashboards.mjs";
import { takePage } from "./page.mjs";

const TAKERS = { page: takePage, dashboards: takeDashboards };

const named = process.argv.slice(2);
const executablePath = execFileSync("sh", ["-c", "command -v chromium || command -v google-chrome"], {
  encoding: "utf8",
}).trim();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  for (const [name, take] of Object.entries(TAKERS))
    if (named.length === 0 || named.includes(name)) await take(browser);
} finally {
  await browser.close();
}
