import { expect, it } from "vitest";
import { Harness } from "./harness.ts";

it("has no rate of an observed total before its second reading, and then the rate since the first", async () => {
  const harness = new Harness({ collectionIntervalMillis: 1000, windowMillis: 5000 });
  let rows = 5e9;
  const counter = harness.application().getMeter("db").createObservableCounter("db.rows");
  counter.addCallback((result) => result.observe(rows));
  await harness.pipeline.collect();
  expect(await harness.value("db_rows_per_second")).toBeUndefined();
  await harness.ticks(8, () => {
    rows += 100;
  });
  expect(await harness.value("db_rows_per_second")).toBe(100);
  rows = 4e9;
  await harness.ticks();
  expect(await harness.value("db_rows_per_second")).toBe(80);
});

it("keeps the rate when an attribute set appears later", async () => {
  const harness = new Harness({ collectionIntervalMillis: 1000, windowMillis: 5000 });
  let tables: readonly string[] = ["a"];
  let rows = 1e6;
  const counter = harness.application().getMeter("db").createObservableCounter("db.rows");
  counter.addCallback((result) => {
    for (const table of tables) result.observe(rows, { table });
  });
  await harness.ticks(3, () => {
    rows += 10;
  });
  tables = ["a", "b"];
  await harness.ticks();
  expect(await harness.value("db_rows_per_second", { table: "b" })).toBeUndefined();
  await harness.ticks(1, () => {
    rows += 10;
  });
  expect(await harness.value("db_rows_per_second", { table: "b" })).toBe(10);
});

it("publishes the whole of a total, also where a view counts it", async () => {
  const harness = new Harness({
    views: [
      {
        instruments: ["db.rows"],
        by: [],
        outputs: [
          { name: "rows_counted", number: "total", isPublished: true, isForecast: false, isCounter: true },
        ],
      },
    ],
  });
  let rows = 5e9;
  const observe = (result: { observe(value: number): void }) => result.observe(rows);
  harness.application().getMeter("db").createObservableCounter("db.rows").addCallback(observe);
  harness.pipeline.instruments.provider
    .getMeter("own")
    .createObservableCounter("own.rows")
    .addCallback(observe);
  await harness.ticks();
  rows += 7;
  await harness.ticks();
  expect(await harness.value("rows_counted_total")).toBe(5e9 + 7);
  expect(await harness.value("own_rows_total")).toBe(5e9 + 7);
});
