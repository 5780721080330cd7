// Takes the pictures of the page in docs/images. The page shows the self-healing example.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../package/root.mjs";

const PORT = 9391;
const URL_OF_PAGE = `http://localhost:${PORT}/`;
/** The forecasts and the course of the example need some time to be worth a picture. */
const WAIT_MILLIS = 75_000;
/** How long it waits for trouble ahead, which is worth a picture. */
const TROUBLE_MILLIS = 60_000;
const PICTURES = [
  { name: "page-light", scheme: "light", width: 1100, height: 900, part: undefined },
  { name: "page-dark", scheme: "dark", width: 1100, height: 900, part: undefined },
  { name: "page-narrow", scheme: "light", width: 320, height: 900, part: undefined },
  { name: "page-chart", scheme: "light", width: 1100, height: 900, part: "#detail" },
];

/** Takes all pictures with a browser. */
export async function takePage(browser) {
  const example = spawn(process.execPath, [join(root, "examples/self-healing/start.mjs")], {
    env: { ...process.env, OTEL_EXPORTER_PROMETHEUS_PORT: String(PORT), OTEL_SERVICE_NAME: "self-healing" },
    stdio: "ignore",
  });
  try {
    await sleep(WAIT_MILLIS);
    for (const picture of PICTURES) await take(browser, picture);
  } finally {
    example.kill("SIGINT");
  }
}

async function take(browser, { name, scheme, width, height, part }) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  await page.goto(`${URL_OF_PAGE}?match=%7Bagent%3D%22leaky-service%22%7D`);
  await page.waitForSelector(".chart canvas");
  await page.waitForSelector(".headline.ahead", { timeout: TROUBLE_MILLIS }).catch(() => {});
  const path = join(root, `docs/images/${name}.png`);
  if (part === undefined) await page.screenshot({ path });
  else await page.locator(part).screenshot({ path });
  await page.close();
}
