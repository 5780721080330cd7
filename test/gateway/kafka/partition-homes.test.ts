import { describe, expect, it } from "vitest";
import { labelsKey, PartitionHomes } from "../../../src/gateway/kafka/partition-homes.ts";
import { labelsPartOf } from "../../../src/views/view-routes.ts";

describe("the partitions that series belong to", () => {
  it("are those of their labels, in any order, and none of others", () => {
    const homes = new PartitionHomes();
    homes.set(labelsKey({ job: "a", host: "1" }), 3);
    expect(homes.of(labelsKey({ host: "1", job: "a" }))).toBe(3);
    expect(homes.of(labelsKey({ job: "a" }))).toBeUndefined();
    homes.forget(3);
    expect(homes.of(labelsKey({ job: "a", host: "1" }))).toBeUndefined();
  });

  it("are forgotten when a save names them no more, but not those that came meanwhile", () => {
    const homes = new PartitionHomes();
    for (const job of ["kept", "gone"]) homes.set(labelsKey({ job }), 1);
    homes.beginNaming();
    homes.of(labelsKey({ job: "kept" }));
    homes.set(labelsKey({ job: "new" }), 2);
    homes.endNaming(true);
    const homeOf = (job: string) => homes.of(labelsKey({ job }));
    expect(["kept", "gone", "new"].map(homeOf)).toEqual([1, undefined, 2]);
  });

  it("stay if a save did not come to its end", () => {
    const homes = new PartitionHomes();
    homes.set(labelsKey({ job: "a" }), 1);
    homes.beginNaming();
    homes.endNaming(false);
    expect(homes.of(labelsKey({ job: "a" }))).toBe(1);
  });

  it("are found by the id of a window", () => {
    expect(labelsPartOf("12\u0000depth,depth_today\u0000host\u00011\u0000job\u0001a")).toBe(
      labelsKey({ job: "a", host: "1" }),
    );
    expect(labelsPartOf("12\u0000depth")).toBe(labelsKey({}));
  });
});
