import type { HrTime } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { timestampMessage } from "../../../src/prometheus/formats/protobuf-timestamp.ts";

it("a time has its seconds and nanoseconds as fields", () => {
  expect([...(timestampMessage([300, 5]) ?? [])]).toEqual([0x08, 0xac, 0x02, 0x10, 0x05]);
});

it.each<[unknown]>([
  [undefined],
  ["now"],
  [{ 0: 1, 1: 2 }],
  [[]],
  [[0, 5]],
  [[-1, 5]],
  [[1.5, 5]],
  [[Number.NaN, 5]],
  [[1, Number.NaN]],
  [[1, 0.5]],
  [[1]],
  [["1", 5]],
])("%j is no time", (time) => {
  expect(timestampMessage(time as HrTime)).toBeUndefined();
});
