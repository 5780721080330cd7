import { expect, test } from "vitest";
import { LatestEntries } from "../../src/core/latest-entries.ts";

test("the last thousand entries are kept, until all are removed", () => {
  const entries = new LatestEntries<number>();
  for (let number = 0; number <= 1000; number += 1) entries.add(`entry ${number}`, number);
  expect(["entry 0", "entry 1", "entry 1000"].map((key) => entries.get(key))).toEqual([undefined, 1, 1000]);
  entries.clear();
  expect(entries.get("entry 1000")).toBeUndefined();
});
