import type { Attributes } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { hashOf, ObservedSet } from "../../../src/prometheus/observed/observed-set.ts";

function setOf(attributes: Attributes, like?: ObservedSet): ObservedSet {
  return new ObservedSet({ hash: hashOf(attributes), attributes, startTime: [0, 0], endTime: [0, 0] }, like);
}

describe("an observed set", () => {
  it("recognizes its attributes, whatever the keys of the set that it is compared with", () => {
    const first = setOf({ part: "a", zone: 1 });
    for (const like of [
      undefined,
      first,
      setOf({}),
      setOf({ part: "b", other: 2 }),
      setOf({ part: ["a"] }),
    ]) {
      const set = setOf({ part: "b", zone: 2 }, like);
      expect(set.has({ part: "b", zone: 2 })).toBe(true);
      expect(set.has({ part: "a", zone: 2 })).toBe(false);
      expect(set.has({ part: "b" })).toBe(false);
      expect(set.has({ part: "b", zone: 2, more: 3 })).toBe(false);
      expect(set.has({ part: "b", other: 2 })).toBe(false);
    }
  });

  it("leaves lists to the hash: the application may change them", () => {
    const list = ["a"];
    expect(setOf({ list }).has({ list })).toBe(false);
  });
});
