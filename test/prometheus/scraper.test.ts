import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { emptyResource } from "@opentelemetry/resources";
import { expect, test } from "vitest";
import { ForecastProducer } from "../../src/otel/forecast-producer.ts";
import { Scraper } from "../../src/prometheus/scraper.ts";

/** The largest piece of a page that was read. */
async function pieceOfPage(scraper: Scraper): Promise<WeakRef<Buffer>> {
  const { pieces } = await scraper.scrape();
  expect(Buffer.concat(pieces).toString()).toContain("level 1");
  return new WeakRef(pieces[0] as Buffer);
}

test("a page is not kept in memory until the next scrape", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const producer = new ForecastProducer(() => 0);
  producer.series({ name: "level", unit: "", description: "", type: "gauge" }, {}).put(1);
  const scraper = new Scraper({
    readers: () => [],
    producers: () => [producer],
    timeoutMillis: 1000,
    resource: emptyResource(),
  });
  const piece = await pieceOfPage(scraper);
  // A weak reference is kept until the end of the turn in which it was made.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(piece.deref() === undefined).toBe(true);
  expect((await scraper.scrape()).pieces).toHaveLength(1);
});
