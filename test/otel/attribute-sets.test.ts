import type { Attributes } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { attributesKey } from "../../src/core/attributes-key.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { AttributeSets } from "../../src/otel/attribute-sets.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";
import { hashOf } from "../../src/prometheus/observed/observed-set.ts";

const EXPIRY = 100;

/** A counter and an up-down counter of the application, and what is known of their attribute sets. */
function application(maxSets = 10) {
  const reader = new CollectionReader({ maxAttributeSets: 1000 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("app");
  const [calls, open] = [meter.createCounter("calls"), meter.createUpDownCounter("open")];
  const sets = new AttributeSets(maxSets);
  const collect = async (now: number): Promise<unknown[]> => {
    const { resourceMetrics } = atOnce(sets.take(await reader.collect(), now));
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [descriptor.name, attributes.id, value]),
    );
  };
  const expire = (now: number): unknown[] => {
    const forgotten: unknown[] = [];
    atOnce(
      sets.expire(
        (_, lastHeardAt) => lastHeardAt <= now - EXPIRY,
        (scope, instrument, gone) => forgotten.push(...gone.map(({ id }) => [scope, instrument, id])),
      ),
    );
    return forgotten;
  };
  /** Which of the sets 1 and 2 are shown. */
  const shown = (instrument: string) => {
    const isShown = sets.shownOf("app", instrument);
    return isShown === undefined ? "all" : [1, 2].filter((id) => isShown({ id }));
  };
  return { calls, open, collect, expire, shown };
}

it("a set that has gone is hidden until it is heard of again", async () => {
  const { calls, collect, expire, shown } = application();
  for (const id of [1, 2]) calls.add(1, { id });
  await collect(0);
  calls.add(1, { id: 2 });
  await collect(50);
  expect(expire(99)).toEqual([]);
  expect(shown("calls")).toBe("all");
  expect(expire(100)).toEqual([]);
  expect(shown("calls")).toEqual([2]);
  expect(shown("other")).toBe("all");
  calls.add(1, { id: 1 });
  await collect(110);
  expect(shown("calls")).toEqual([1, 2]);
  expire(110);
  expect(shown("calls")).toBe("all");
});

it("a single set is hidden too when it has gone", async () => {
  const { calls, collect, expire, shown } = application();
  calls.add(1, { id: 1 });
  await collect(0);
  expect(expire(99)).toEqual([]);
  expect(shown("calls")).toBe("all");
  expire(100);
  expect(shown("calls")).toEqual([2]);
});

it("a set that has gone is forgotten if its instrument has more than half of the maximum", async () => {
  for (const [maxSets, forgotten] of [
    [4, []],
    [3, [["app", "calls", 1]]],
  ] as const) {
    const { calls, collect, expire, shown } = application(maxSets);
    for (const id of [1, 2]) calls.add(1, { id });
    await collect(0);
    calls.add(1, { id: 2 });
    await collect(50);
    expect(expire(100)).toEqual(forgotten);
    expect(shown("calls")).toEqual(forgotten.length > 0 ? "all" : [2]);
  }
});

it("a set that was forgotten makes room for another, and is a new one if it comes back", async () => {
  const { calls, collect, expire } = application(2);
  for (const id of [1, 2, 3]) calls.add(1, { id });
  await collect(0);
  // What exceeds the limit is not known.
  expect(expire(100)).toEqual([1, 2].map((id) => ["app", "calls", id]));
  expect(expire(100)).toEqual([]);
  for (const id of [3, 1]) calls.add(1, { id });
  await collect(200);
  expect(expire(300)).toEqual([3, 1].map((id) => ["app", "calls", id]));
});

it("a set that comes back after it was forgotten is a new one, also beside one that stayed", async () => {
  const { open, collect, expire } = application(3);
  for (const id of [1, 2]) open.add(3, { id });
  await collect(0);
  open.add(-3, { id: 1 });
  await collect(10);
  // It rests at 0: it is there, and not heard.
  await collect(60);
  expect(expire(110)).toEqual([["app", "open", 1]]);
  open.add(2, { id: 1 });
  await collect(120);
  expect(expire(220)).toEqual([2, 1].map((id) => ["app", "open", id]));
});

it("sets are told apart by all their attributes, also if one has those of another and more", async () => {
  const { calls, collect, expire, shown } = application();
  calls.add(1, { id: 1, region: "eu" });
  await collect(0);
  calls.add(1, { id: 1 });
  await collect(50);
  calls.add(1, { id: 1, region: "eu" });
  await collect(100);
  expire(150);
  expect(shown("calls")).toEqual([2]);
});

it("an up-down counter is a level that holds, unless it rests at 0", async () => {
  const { open, collect, expire, shown } = application();
  open.add(3, { id: 1 });
  open.add(3, { id: 2 });
  await collect(0);
  open.add(-3, { id: 2 });
  expect(await collect(10)).toEqual([
    ["open", 1, 3],
    ["open", 2, 0],
  ]);
  expect(await collect(60)).toEqual([["open", 1, 3]]);
  expire(110);
  expect(shown("open")).toEqual([1]);
});

it("knows what our own storages observed by the hash that they have of it", () => {
  for (const attributes of [
    { b: 1, a: "x", "": true },
    { aa: ["y"], Z: null, z: undefined },
  ])
    expect(hashOf(attributes as Attributes)).toBe(attributesKey(attributes));
});
