import type { HrTime } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { timestampMessage } from "../../../src/prometheus/formats/protobuf-timestamp.ts";

it.each<[HrTime, number[]]>([
  [
    [300, 5],
    [0x08, 0xac, 0x02, 0x10, 0x05],
  ],
  [
    [1, 0],
    [0x08, 0x01, 0x10, 0x00],
  ],
])("%j has its seconds and nanoseconds as fields", (time, bytes) => {
  expect([...(timestampMessage(time) ?? [])]).toEqual(bytes);
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
