import { describe, expect, it } from "vitest";
import type { FoundSeries } from "../../../src/backfill/matching.ts";
import { chooseOwn, type OwnIdentity } from "../../../src/run/past/own-instance.ts";

const MINUTE = 60_000;
const identity: OwnIdentity = {
  attributes: { "service.instance.id": "id-1", "service.namespace": "shop" },
  serviceName: "orders",
  address: "host-1:9464",
};
const choose = chooseOwn(() => identity);
const series = (labels: Record<string, string>, newestAt = 0): FoundSeries => ({ labels, newestAt });

describe("of several series with the labels of ours", () => {
  it("the one of our instance is chosen, however old it is", () => {
    const other = series({ instance: "host-2:9464", job: "orders" }, 9 * MINUTE);
    for (const own of [
      series({ instance: "id-1" }),
      series({ instance: "host-1:9464" }),
      series({ exported_instance: "id-1", instance: "collector:8889" }),
      series({ service_instance_id: "id-1", instance: "x" }),
    ])
      expect(choose([other, own])).toBe(own);
  });

  it("those of our service are chosen before others", () => {
    const other = series({ instance: "a", job: "carts" }, 9 * MINUTE);
    for (const labels of [{ job: "orders" }, { job: "shop/orders" }, { service_name: "orders", job: "x" }]) {
      const own = series({ instance: "b", ...labels });
      expect(choose([other, own])).toBe(own);
    }
  });

  it("the one that has ended last is chosen", () => {
    const old = series({ instance: "a", job: "orders" }, 5 * MINUTE);
    const newest = series({ instance: "b", job: "orders" }, 7 * MINUTE);
    expect(choose([newest, old])).toBe(newest);
    expect(choose([old, newest])).toBe(newest);
  });

  it("none is chosen while several go on", () => {
    const ones = [series({ instance: "a" }, 5 * MINUTE), series({ instance: "b" }, 7 * MINUTE - 1)];
    expect(choose(ones)).toBeUndefined();
    expect(choose([...ones, series({ instance: "c", job: "orders" })])).toEqual(
      series({ instance: "c", job: "orders" }),
    );
  });

  it("a process that knows nothing of itself takes no label for its own", () => {
    const chooseUnknown = chooseOwn(() => ({ attributes: {}, serviceName: "", address: "" }));
    const ones = [series({ job: "x" }), series({}), series({ instance: "y" })];
    expect(chooseUnknown(ones)).toBeUndefined();
    expect(chooseUnknown([series({})])).toEqual(series({}));
  });
});
