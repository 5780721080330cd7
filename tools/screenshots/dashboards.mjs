// Takes the pictures of the dashboards in docs/images: the examples run, a real Prometheus on the PATH
// scrapes them, and what its answers look like in Grafana is drawn.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DashboardScene } from "../../test/e2e/harness/dashboard-scene.ts";
import { readDashboard } from "../dashboards/dashboard.ts";
import { drawn } from "../dashboards/draw.ts";
import { pageOf } from "../dashboards/page.ts";
import { root } from "../package/root.mjs";

const HORIZON_SECONDS = 30;
const WIDTH = 1500;
/** The forecasts need some time to be worth a picture. */
const WAIT_MILLIS = 240_000;
const PAST_SECONDS = 150;

const PICTURES = [
  { name: "dashboard-top", file: "monitoring/grafana/fleet-overview.json", wanted: {}, isWhole: false },
  { name: "dashboard-fleet", file: "monitoring/grafana/fleet-overview.json", wanted: {} },
  { name: "dashboard-agent", file: "monitoring/grafana/agent.json", wanted: { agent: "forecaster" } },
  {
    name: "dashboard-quality",
    file: "monitoring/grafana/forecast-quality.json",
    wanted: { metric: "system_memory_usage_percent" },
  },
  { name: "dashboard-gateway", file: "gateway/grafana/gateway.json", wanted: {} },
];

/** Takes all pictures with a browser. */
export async function takeDashboards(browser) {
  const scene = await DashboardScene.started(HORIZON_SECONDS);
  try {
    await sleep(WAIT_MILLIS);
    const view = {
      now: Date.now() / 1000,
      past: PAST_SECONDS,
      ahead: HORIZON_SECONDS,
      scrapeSeconds: 1,
    };
    for (const { name, file, wanted, isWhole = true } of PICTURES) {
      const dashboard = readDashboard(join(root, "examples", file));
      const shown = await drawn(dashboard, scene.prometheus.url, {
        ...view,
        wanted: { horizon: `${HORIZON_SECONDS}s`, ...wanted },
      });
      const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
      await page.setContent(await pageOf(shown));
      await page.waitForSelector(".chart canvas");
      await page.screenshot({ path: join(root, `docs/images/${name}.png`), fullPage: isWhole });
      await page.close();
    }
  } finally {
    await scene.stop();
  }
}
