import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ForecastList } from "../../src/status/answers.ts";
import { Harness } from "../run/harness.ts";
import { type ServedPage, servedPage } from "./served-page.ts";

/** An attack of ten minutes has as many as a process keeps by default. */
const SERIES = Math.min(10_000, Math.max(120, 1000 * Number(process.env.ATTACK_MINUTES ?? 0)));
const NAME_LENGTH = 10_000;
const MOST_BYTES = 10_000_000;
const PARTS = [
  '</script><img src=x onerror="fail()">',
  "\u0000\u001b[2J\u0007\r\n\u009b",
  "\u202e\u2066\u200f\u061c",
  "\ud800",
  "__proto__",
  "'\"&<!--]]>",
  "{{constructor}}%s",
];
/** What no text may have that is shown: codes of terminals, and marks of direction. */
const CODES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u;

let page: ServedPage;

function attributesOf(series: number): Record<string, string> {
  const part = PARTS[series % PARTS.length] as string;
  const long = `${series}${part.repeat(Math.ceil(NAME_LENGTH / part.length))}`.slice(0, NAME_LENGTH);
  const short = Array.from({ length: 15 }, (_, index) => [`${part}${index}`, part]);
  return { ...Object.fromEntries(short), agent: long, constructor: `${series}` };
}

beforeAll(async () => {
  const harness = new Harness({}, undefined, "", () => {});
  const meter = harness.application().getMeter(PARTS.join(""));
  const gauge = meter.createGauge("evil_task_success_rate", { unit: PARTS[0] as string });
  await harness.ticks(2, () => {
    for (let series = 0; series < SERIES; series += 1) gauge.record(series, attributesOf(series));
  });
  page = await servedPage(harness);
});

afterAll(() => page.close());

async function get(path: string, accept = "*/*"): Promise<{ text: string; bytes: number }> {
  const response = await fetch(`${page.url}/${path}`, { headers: { accept } });
  expect(response.status).toBe(200);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { text: bytes.toString(), bytes: bytes.length };
}

describe("series with hostile names", () => {
  it.each([
    "",
    "?page=2",
    "?sort=name",
    "?search=onerror",
    "?search=%22%3E%3Cscript%3E",
    "?match=%7Bagent%3D~%22.*",
  ])("are texts on the page of a browser: %s", async (query) => {
    const { text, bytes } = await get(query, "text/html");
    expect(bytes).toBeLessThan(MOST_BYTES);
    const tags = text.replaceAll(/="[^"]*"/g, "=").match(/<[^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(100);
    expect(
      tags.filter((tag) => /^<(?:img|script(?! src= )|iframe|object|!--)| (?:on\w+|style)=/i.test(tag)),
    ).toEqual([]);
    expect(CODES.exec(text)?.[0]).toBeUndefined();
  });

  it("are on one line each as text", async () => {
    const { text, bytes } = await get("");
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(CODES.exec(text)?.[0]).toBeUndefined();
    const rows = text.split("\n").filter((line) => line.startsWith("evil_task_success_rate"));
    expect(rows.length).toBeGreaterThan(40);
    // The table has a row for each of 50 series; some lines are around it.
    expect(text.split("\n").length).toBeLessThan(60);
  });

  it("are data for the script of the page", async () => {
    const { text, bytes } = await get("live", "application/json");
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(JSON.parse(text).list.forecasts).toHaveLength(50);
  });

  it("are data of the read API, all of which can be asked for", async () => {
    const seen = new Set<string>();
    let selected = Number.POSITIVE_INFINITY;
    for (let offset = 0; offset < Math.min(selected, 3000); ) {
      const { text, bytes } = await get(`api/forecasts?limit=1000&recent=100&offset=${offset}`);
      expect(bytes).toBeLessThan(MOST_BYTES);
      const list = JSON.parse(text) as ForecastList;
      selected = list.selected;
      offset += list.forecasts.length;
      for (const { labels } of list.forecasts) seen.add(String(labels.constructor));
    }
    expect(seen.size).toBeGreaterThanOrEqual(Math.min(SERIES, 2900));
  });

  it("can be opened one by one", async () => {
    const { text } = await get("api/forecasts?limit=7&sort=name");
    for (const { id } of (JSON.parse(text) as ForecastList).forecasts) {
      const opened = await get(`?series=${id}`, "text/html");
      expect(opened.text).toContain(`id="figure-${id}"`);
      expect((await get(`api/series/${id}`)).bytes).toBeLessThan(MOST_BYTES);
    }
  });
});
