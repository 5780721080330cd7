import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { emptyResource } from "@opentelemetry/resources";
import { expect, it } from "vitest";
import { Scraper } from "../../src/prometheus/scraper.ts";
import { eventually } from "../eventually.ts";
import { gauge, resourceMetrics } from "./metric-data.ts";

it("a page that has been sent is not kept until the next scrape", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const metrics = resourceMetrics({ app: [gauge("load", [{}, 1])] });
  const source = { collect: async () => ({ resourceMetrics: metrics, errors: [] }) };
  const scraper = new Scraper({
    readers: () => [source],
    producers: () => [],
    timeoutMillis: 1000,
    resource: emptyResource(),
  });
  const sent = async (): Promise<WeakRef<Buffer>> => {
    const [piece] = (await scraper.scrape()).pieces;
    if (piece === undefined) throw new Error("the page is empty");
    expect(piece.toString()).toContain("load 1");
    return new WeakRef(piece);
  };
  const page = await sent();
  await eventually(() => {
    collect();
    // An error of an expectation would keep the page.
    expect(page.deref() === undefined).toBe(true);
  });
  expect((await scraper.scrape()).pieces).toHaveLength(1);
});
