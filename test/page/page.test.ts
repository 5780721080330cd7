import { once } from "node:events";
import { get, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../eventually.ts";
import { Harness } from "../run/harness.ts";
import { type ServedPage, servedPage } from "./served-page.ts";

const HTML = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const HOSTILE = '</script><img src=x onerror="alert(1)">\u202e\u0007';
const pages: ServedPage[] = [];

afterEach(() => {
  for (const page of pages.splice(0)) page.close();
});

/** An agent whose queue grows towards its threshold, and one with a hostile name. */
async function shop(): Promise<Harness> {
  const harness = new Harness({
    method: "linear-trend",
    horizons: ["1m", "5m"],
    views: [
      {
        instruments: ["agent_latency_p95_seconds"],
        by: ["agent"],
        outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
      },
    ],
    thresholds: { agent_latency_p95_seconds: { above: 100 } },
    alerts: [{ name: "Slow", metric: "agent_latency_p95_seconds", threshold: { above: 90 }, horizon: "5m" }],
  });
  const latency = harness.application().getMeter("app").createGauge("agent_latency_p95_seconds");
  await harness.ticks(60, (tick) => {
    latency.record(1.5 * tick, { agent: "planner" });
    latency.record(5, { agent: HOSTILE });
  });
  return harness;
}

async function open(harness?: Harness): Promise<ServedPage> {
  const page = await servedPage(harness ?? (await shop()));
  pages.push(page);
  return page;
}

describe("/", () => {
  it("is HTML for browsers: the sentence, the alerts, the agents and the series, without a script", async () => {
    const { url } = await open();
    const response = await fetch(url, { headers: HTML });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await response.text();
    const places = [
      '<section id="headline" class="headline ahead"',
      "The p95 latency of agent planner will be above its threshold of 1 min 40 s",
      '<section id="alerts"',
      "<strong>firing</strong>",
      '<section id="agents"',
      "1,234 completed, 5 failed, 2 active",
      "Latency (p95)",
      '<section id="detail"',
      "Why this forecast?",
      '<section id="series"',
    ].map((text) => html.indexOf(text));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
  });

  it("has a strict policy, no CORS, and nothing from elsewhere", async () => {
    const { url } = await open();
    const response = await fetch(url, { headers: HTML });
    expect(response.headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    const html = await response.text();
    expect(html).not.toMatch(/<[^>]* style=|<[^>]* on\w+=|<script(?! src=)/);
    expect(html.match(/(?:src|href)="(?:https?:|\/\/)[^"]*"/g)).toBeNull();
  });

  it("shows a hostile name as text, with its codes visible", async () => {
    const { url } = await open();
    const html = await (await fetch(url, { headers: HTML })).text();
    expect(html).not.toContain("<img");
    expect(html).toContain("&lt;/script&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;\\u202e\\u0007");
    const text = await (await fetch(url, { headers: { accept: "*/*" } })).text();
    expect(text).toContain("\\u202e\\u0007");
    expect(text).not.toContain("\u0007");
    expect(text).not.toContain("\u202e");
  });

  it("is text for others, such as curl", async () => {
    const { url } = await open();
    const response = await fetch(url, { headers: { accept: "*/*" } });
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("vary")).toContain("accept");
    const text = await response.text();
    expect(text).toMatch(/^shop, \d\d:\d\d:\d\d UTC\n\nThe p95 latency of agent planner will be above/);
    expect(text).toMatch(/firing: .*planner/);
    expect(text).toMatch(/^agent_latency_p95_seconds\{agent="planner"\} +1 min 29 s +/m);
  });

  it("shows what its address selects", async () => {
    const { url } = await open();
    const get = async (query: string) => (await fetch(`${url}/?${query}`, { headers: HTML })).text();
    expect(await get("search=PLANNER")).toContain("1 to 1 of 1 series, selected from");
    expect(await get('match={agent="planner"}')).toContain("1 to 1 of 1 series, selected from");
    expect(await get("match={")).toContain('<p class="problem" role="alert">');
    expect(await get("page=99&sort=name")).toMatch(/No series of \d+\./);
    expect(await get("page=-1&sort=never&series=none")).toContain("1 to ");
  });

  it("answers only at the address itself", async () => {
    const { url } = await open();
    expect((await fetch(`${url}/other`)).status).toBe(404);
    expect((await fetch(`${url}/`, { method: "POST" })).status).toBe(405);
    const head = await fetch(`${url}/`, { method: "HEAD", headers: HTML });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("is loaded at the first request, and once", async () => {
    const page = await open();
    await fetch(`${page.url}/health`);
    expect(page.loads()).toBe(0);
    await Promise.all([fetch(page.url), fetch(page.url)]);
    expect(page.loads()).toBe(1);
  });
});

describe("every answer", () => {
  const addresses: readonly [string, Record<string, string>, Record<string, string>][] = [
    ["/", HTML, { "content-type": "text/html; charset=utf-8", vary: "accept, accept-encoding" }],
    ["/", {}, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" }],
    [
      "/live",
      { accept: "application/json" },
      { "cache-control": "no-store", vary: "accept, accept-encoding" },
    ],
    ["/page/none", {}, { "content-type": "text/plain; charset=utf-8", vary: "accept-encoding" }],
    ["/page/STYLE", {}, { "content-type": "text/css; charset=utf-8", vary: "accept-encoding" }],
  ];

  it("is packed for clients that take that, with the same content, its length and all headers", async () => {
    const { url } = await open();
    const html = await (await fetch(url, { headers: HTML })).text();
    const [style = ""] = /page\/page-[\w-]{16}\.css/.exec(html) ?? [];
    for (const [path, headers, expected] of addresses) {
      const address = url + path.replace("page/STYLE", style);
      const plain = await bytesAt(address, { ...headers, "accept-encoding": "identity" });
      const packed = await bytesAt(address, { ...headers, "accept-encoding": "gzip" });
      expect([plain.headers["content-encoding"], packed.headers["content-encoding"]]).toEqual([
        undefined,
        "gzip",
      ]);
      expect(gunzipSync(packed.body).toString()).toBe(plain.body.toString());
      for (const { body, headers: given } of [plain, packed]) {
        expect(given["content-length"]).toBe(String(body.length));
        expect(given).toMatchObject({
          ...expected,
          "x-content-type-options": "nosniff",
          "referrer-policy": "no-referrer",
          "cross-origin-opener-policy": "same-origin",
          "cross-origin-resource-policy": "same-origin",
        });
      }
    }
  });

  it("of a stream has these headers too", async () => {
    const { url } = await open();
    const ending = new AbortController();
    const { headers } = await fetch(`${url}/live`, { signal: ending.signal });
    ending.abort();
    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    });
  });
});

/** An answer as it is sent: `fetch` would unpack it. */
async function bytesAt(
  address: string,
  headers: Record<string, string>,
): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const [response] = (await once(get(address, { headers }), "response")) as [IncomingMessage];
  return { headers: response.headers, body: await buffer(response) };
}

describe("the files of the page", () => {
  it("have names that change with their content, and may be kept for ever", async () => {
    const { url } = await open();
    const html = await (await fetch(url, { headers: HTML })).text();
    const [script = ""] = /page\/page-[\w-]{16}\.js/.exec(html) ?? [];
    const [style = ""] = /page\/page-[\w-]{16}\.css/.exec(html) ?? [];
    for (const [path, type] of [
      [script, "text/javascript; charset=utf-8"],
      [style, "text/css; charset=utf-8"],
    ]) {
      const { status, headers } = await fetch(`${url}/${path}`);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe(type);
      expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    }
    expect((await fetch(`${url}/page/page-other.js`)).status).toBe(404);
  });
});

describe("/live", () => {
  /** Opens a stream. Its text grows while it is read. */
  async function stream(url: string, query = ""): Promise<{ status: number; text(): string; end(): void }> {
    const ending = new AbortController();
    const response = await fetch(`${url}/live${query}`, { signal: ending.signal });
    let text = "";
    const reading = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    };
    reading().catch(() => {});
    return { status: response.status, text: () => text, end: () => ending.abort() };
  }

  it("sends what the address selects, and again when it has changed", async () => {
    const harness = await shop();
    const { url } = await open(harness);
    const { text } = await stream(url, "?search=planner");
    await eventually(() => expect(text().match(/^event: page$/gm)).toHaveLength(1));
    const [, data = ""] = /^data: (.*)$/m.exec(text()) ?? [];
    expect(JSON.parse(data)).toMatchObject({
      service: "shop",
      headline: { tone: "ahead" },
      list: { selected: 1 },
      detail: { labels: { agent: "planner" } },
    });
    await harness.ticks(1);
    await eventually(() => expect(text().match(/^event: (page|change)$/gm)).toHaveLength(2));
  });

  it("gives the same once as JSON to those that ask again and again", async () => {
    const { url } = await open();
    const response = await fetch(`${url}/live?search=planner`, { headers: { accept: "application/json" } });
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toMatchObject({ service: "shop", list: { selected: 1 } });
  });

  it("has room for ten; the next one is refused until one has left", async () => {
    const { url } = await open();
    const streams = await Promise.all(Array.from({ length: 10 }, () => stream(url)));
    expect(streams.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const refused = await fetch(`${url}/live`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
    streams[0]?.end();
    await eventually(async () => expect((await stream(url)).status).toBe(200));
  });
});
