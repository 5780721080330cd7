import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, look, startBrowser, type Watched } from "./harness/browser.ts";
import { chromium, needs } from "./harness/components.ts";
import { PluginApp } from "./harness/plugin-app.ts";
import { waitFor } from "./harness/wait-for.ts";

let app: PluginApp;
let browser: Browser | undefined;
let url: string;

beforeAll(async () => {
  if (chromium.path === undefined) return;
  app = await PluginApp.startPlain(["test/e2e/apps/watched-agent.mjs"]);
  await app.says("ready");
  url = app.metricsUrl.replace("/metrics", "/");
  await app.waitFor("a forecast of the queue", async () => {
    const response = await fetch(`${url}api/forecasts?match=queue_size{queue="orders"}`);
    const { forecasts } = (await response.json()) as { forecasts: { state: string }[] };
    return forecasts[0]?.state === "ready" || undefined;
  });
  await app.waitFor("an alert", async () => {
    const { alerts } = (await (await fetch(`${url}api/alerts`)).json()) as { alerts: unknown[] };
    return alerts.length > 0 || undefined;
  });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
});

/** Opens the page, and waits until it is live. */
async function open(at: Parameters<typeof look>[2], query = ""): Promise<Watched> {
  if (browser === undefined) throw new Error("call needs() first");
  const watched = await look(browser, url + query, at);
  if (at.hasScript !== false) {
    await watched.page.waitForFunction(() =>
      document.querySelector("#status")?.textContent?.startsWith("live"),
    );
    await watched.page.waitForSelector(".chart canvas");
  }
  return watched;
}

/** What a person sees first, in order. */
const outline = (): string[] =>
  Array.from(document.querySelectorAll("h1, h2, h3"), (heading) => heading.tagName.toLowerCase());

/** The texts of cells that reach out of their place, over others. */
const overlapping = (): string[] =>
  Array.from(document.querySelectorAll<HTMLElement>("tbody th, tbody td"))
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
    .map(({ textContent }) => textContent);

describe.for([
  { name: "light", width: 1280, scheme: "light" as const },
  { name: "dark", width: 1280, scheme: "dark" as const },
  { name: "320 pixels wide", width: 320, scheme: "light" as const },
  { name: "320 pixels wide and dark", width: 320, scheme: "dark" as const },
  { name: "4k", width: 3840, scheme: "light" as const },
])("the page, $name,", (at) => {
  it("keeps its policy, asks nobody else, and has no finding of axe", async (context) => {
    needs(context, chromium);
    const { page, faults, hosts } = await open(at);
    expect(await page.evaluate(outline)).toEqual(["h1", "h2", "h2", "h3", "h2", "h3", "h2"]);
    expect(await page.locator("#series tbody tr").count()).toBe(50);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
    expect(await page.evaluate(overlapping)).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);
    await page.close();
  });
});

it("has the colours of the scheme, also in charts, when the scheme changes", async (context) => {
  needs(context, chromium);
  const { page } = await open({ width: 1280 });
  const brightness = (): Promise<number> =>
    page.evaluate(() => {
      const [red = "0"] = /\d+/.exec(getComputedStyle(document.body).backgroundColor) ?? [];
      return Number(red);
    });
  const pixels = (): Promise<string> =>
    page.evaluate(() => document.querySelector("canvas")?.toDataURL() ?? "");
  const [light, drawn] = [await brightness(), await pixels()];
  await page.emulateMedia({ colorScheme: "dark" });
  expect(light).toBeGreaterThan(200);
  expect(await brightness()).toBeLessThan(60);
  await waitFor("another chart", async () => (await pixels()) !== drawn || undefined);
  await page.close();
});

it("says and lists everything without a script", async (context) => {
  needs(context, chromium);
  const { page, faults } = await open({ width: 1280, hasScript: false });
  expect(await page.locator("h1").textContent()).toMatch(/queue_size\{queue="orders"\}/);
  expect(await page.locator("#alerts li").count()).toBeGreaterThan(0);
  expect(await page.locator("#agents article").first().textContent()).toMatch(/planner.*completed/);
  expect(await page.locator(".chart svg path.predicted").count()).toBe(1);
  await page.fill("[name=search]", "orders");
  await page.click("button[type=submit]");
  expect(await page.locator("#series tbody tr").count()).toBe(1);
  expect(faults).toEqual([]);
  await page.close();
});

it("shows hostile names as text", async (context) => {
  needs(context, chromium);
  const { page, faults } = await open({ width: 800 }, "?search=evil");
  const row = page.locator("#series tbody tr").first();
  expect(await row.textContent()).toContain('<img src=x onerror="document.title=1">');
  expect(await row.textContent()).toContain("\\u202eevil");
  expect(await page.locator("img, main script").count()).toBe(0);
  expect(await page.title()).toContain("otel-forecast");
  await row.locator("a").first().click();
  await page.waitForURL(/series=/);
  expect(faults).toEqual([]);
  await page.close();
});

it("shows new values by itself", async (context) => {
  needs(context, chromium);
  const { page, hosts } = await open({ width: 1280 });
  const seen = async (): Promise<string> => (await page.locator("#series tbody").textContent()) ?? "";
  const before = await seen();
  await waitFor("new values", async () => (await seen()) !== before || undefined);
  expect(hosts.size).toBe(1);
  await page.close();
});

it("keeps what a person asked for in its address, back and forward", async (context) => {
  needs(context, chromium);
  const { page } = await open({ width: 1280 });
  const count = (): Promise<string | null> => page.locator("#series-count").textContent();
  await page.locator("[name=search]").fill("orders");
  await page.locator("[name=search]").press("Enter");
  await page.waitForURL(/search=orders/);
  await waitFor("one series", async () => (await count())?.startsWith("1 to 1 of 1 ") || undefined);
  await page.locator("#series .label").first().click();
  await page.waitForURL(/match=/);
  expect(await page.locator("[name=search]").inputValue()).toBe("");
  expect(await page.locator("[name=match]").inputValue()).toBe('{queue="orders"}');
  await page.goBack();
  expect(await page.locator("[name=search]").inputValue()).toBe("orders");
  await page.goBack();
  await waitFor("all series", async () => (await count())?.startsWith("1 to 50 of") || undefined);
  await page.goForward();
  await waitFor("one series", async () => (await count())?.startsWith("1 to 1 of 1 ") || undefined);
  await page.reload();
  await waitFor("one series", async () => (await count())?.startsWith("1 to 1 of 1 ") || undefined);
  await page.close();
});

it("moves through the times of a chart by keys, and says what is there", async (context) => {
  needs(context, chromium);
  const { page } = await open({ width: 1280 });
  await page.locator(".chart").focus();
  const readout = page.locator(".readout");
  expect(await readout.getAttribute("aria-live")).toBe("polite");
  // On a busy machine a time may have no value.
  await waitFor("a time with a value", async () => {
    await page.keyboard.press("ArrowLeft");
    return /^\d\d:\d\d:\d\d, observed [\d.]+/.test((await readout.textContent()) ?? "") || undefined;
  });
  await page.keyboard.press("End");
  expect(await readout.textContent()).toMatch(/forecast [\d.]+, 80% interval [\d.]+ to [\d.]+/);
  await page.locator("summary").click();
  expect(await page.locator(".behind tbody tr").count()).toBeGreaterThan(10);
  await page.close();
});

it("asks again by itself where there is no room for its stream", async (context) => {
  needs(context, chromium);
  const ending = new AbortController();
  // Streams of the tests before may still be ending, so one more than there is room for.
  const streams = await Promise.all(
    Array.from({ length: 11 }, () => fetch(`${url}live`, { signal: ending.signal })),
  );
  expect(streams.map(({ status }) => status)).toContain(503);
  const { page } = await open({ width: 1280 });
  expect(await page.locator("#status").textContent()).toMatch(/^live/);
  ending.abort();
  await page.close();
});
