import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checked, type Panel, readDashboard } from "../../tools/dashboards/dashboard.ts";
import { drawn } from "../../tools/dashboards/draw.ts";
import { type DrawnDashboard, isEmpty } from "../../tools/dashboards/drawn.ts";
import { pageOf } from "../../tools/dashboards/page.ts";
import { startBrowser } from "./harness/browser.ts";
import { packageRoot } from "./harness/child.ts";
import { chromium, needs, prometheus } from "./harness/components.ts";
import { DashboardScene } from "./harness/dashboard-scene.ts";

const HORIZON_SECONDS = 15;
const folders = ["examples/monitoring/grafana", "examples/gateway/grafana"];
const files = folders.flatMap((folder) =>
  readdirSync(join(packageRoot, folder)).map((name) => `${folder}/${name}`),
);
/** One dashboard shows one agent at a time: each of its panels has values of one of these. */
const AGENTS = ["self-healing", "leaky-service", "log-keeper", "forecaster", "streamer"];

/** Panels that have values only when something has gone wrong, which the scene does not make happen. */
const QUIET: readonly string[] = ["Left out"];

describe.for(files)("%s", (file) => {
  const dashboard = readDashboard(join(packageRoot, file));

  it("draws nothing twice", () => {
    const places = new Map<string, string[]>();
    for (const { title = "", targets = [] } of dashboard.panels)
      for (const { expr, instant } of targets) {
        const query = `${instant === true ? "now" : "over time"}: ${expr}`;
        places.set(query, [...(places.get(query) ?? []), title]);
      }
    expect([...places].filter(([, titles]) => titles.length > 1)).toEqual([]);
  });

  it("has no number without a unit that has one", () => {
    const bare = dashboard.panels.filter(
      ({ targets = [], fieldConfig }) =>
        targets.some(({ expr }) => /_per_second\b|_seconds\b|_percent\b/.test(expr)) &&
        fieldConfig?.defaults.unit === "short",
    );
    expect(bare.map(({ title }) => title)).toEqual([]);
  });
});

it("a picture refuses what it does not show", () => {
  const [first] = files;
  const dashboard = readDashboard(join(packageRoot, first as string));
  const withPanel = (panel: object) => ({
    ...dashboard,
    panels: [{ ...(dashboard.panels.find(({ type }) => type === "timeseries") as Panel), ...panel }],
  });
  const defaults = (more: object) => withPanel({ fieldConfig: { defaults: more, overrides: [] } });
  expect(() => checked(withPanel({}))).not.toThrow();
  expect(() => checked(withPanel({ type: "gauge" }))).toThrow(/the panel gauge/);
  expect(() => checked(defaults({ unit: "furlong" }))).toThrow(/the unit furlong/);
  expect(() => checked(defaults({ displayName: "x" }))).toThrow(/the field displayName/);
  expect(() => checked(defaults({ custom: { stacking: {} } }))).toThrow(/the custom stacking/);
  expect(() => checked(withPanel({ transformations: [{ id: "reduce" }] }))).toThrow(/transformation reduce/);
});

describe("with the examples and a real Prometheus", () => {
  let scene: DashboardScene | undefined;
  let browser: Browser | undefined;

  beforeAll(async () => {
    if (prometheus.path === undefined || chromium.path === undefined) return;
    scene = await DashboardScene.started(HORIZON_SECONDS);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await scene?.stop();
  });

  /** The dashboard as it is now: once, or once for each agent. */
  async function shownNow(file: string): Promise<DrawnDashboard[]> {
    const dashboard = readDashboard(join(packageRoot, file));
    const view = {
      now: Date.now() / 1000,
      past: 120,
      ahead: HORIZON_SECONDS,
      scrapeSeconds: 1,
    };
    const horizon = `${HORIZON_SECONDS}s`;
    const choices = file.endsWith("/agent.json")
      ? AGENTS.map((agent) => ({ horizon, agent }))
      : [{ horizon }];
    const url = scene?.prometheus.url ?? "";
    return Promise.all(choices.map((wanted) => drawn(dashboard, url, { ...view, wanted })));
  }

  function emptyPanels(shown: readonly DrawnDashboard[]): string[] {
    const [first] = shown;
    return (first?.panels ?? [])
      .filter((_, at) => shown.every(({ panels }) => isEmpty(panels[at] as (typeof panels)[number])))
      .map(({ title }) => title)
      .filter((title) => !QUIET.includes(title));
  }

  it.for(files)("every panel of %s shows something", async (file, context) => {
    needs(context, prometheus, chromium);
    const done = async (): Promise<true | undefined> =>
      emptyPanels(await shownNow(file)).length === 0 || undefined;
    await scene?.example.waitFor("values in all panels", done, { everyMillis: 3000 }).catch(() => {});
    expect(emptyPanels(await shownNow(file))).toEqual([]);
  });

  it.for(files)("a browser draws all of %s", async (file, context) => {
    needs(context, prometheus, chromium);
    for (const shown of await shownNow(file)) {
      const page = await browser?.newPage({ viewport: { width: 1500, height: 900 } });
      const faults: string[] = [];
      page?.on("pageerror", ({ message }) => faults.push(message));
      await page?.setContent(await pageOf(shown));
      const full = shown.panels.filter((panel) => panel.content.kind === "lines" && !isEmpty(panel));
      await page?.waitForFunction(
        (count) => document.querySelectorAll(".chart canvas").length === count,
        full.length,
      );
      expect(faults).toEqual([]);
      expect(await page?.locator("section").count()).toBe(shown.panels.length);
      // Titles that Grafana would cut off.
      const cut = await page?.evaluate(() =>
        [...document.querySelectorAll("h2")]
          .filter((title) => title.scrollWidth > title.clientWidth)
          .map(({ textContent }) => textContent),
      );
      expect(cut).toEqual([]);
      await page?.close();
    }
  });
});
