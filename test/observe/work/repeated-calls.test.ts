import { expect, it, vi } from "vitest";
import { digestOf, RepeatedCalls } from "../../../src/observe/work/repeated-calls.ts";

it("digests the same arguments alike, and others differently", () => {
  expect(digestOf({ city: "Oslo" })).toBe(digestOf({ city: "Oslo" }));
  expect(digestOf({ city: "Oslo" })).toBe(digestOf('{"city":"Oslo"}'));
  expect(digestOf({ city: "Oslo" })).not.toBe(digestOf({ city: "Rome" }));
  expect(digestOf("a secret")).toEqual(expect.any(Number));
});

it("digests arguments of which some are empty, numbers or switches", () => {
  const given = { city: null, days: 5, hourly: false, unit: undefined };
  expect(digestOf(given)).toBe(digestOf('{"city":null,"days":5,"hourly":false}'));
  expect([null, 0, true].map(digestOf)).toEqual(["null", "0", "true"].map(digestOf));
  expect(digestOf(null)).toBeDefined();
});

it("digests no arguments that are missing or can't be read", () => {
  const round: { self?: object } = {};
  round.self = round;
  expect([undefined, () => 1, round, { count: 1n }].map(digestOf)).toEqual(Array(4).fill(undefined));
});

it("digests no arguments that are too long, and does not read them to their end", () => {
  const limit = 65_536;
  expect(digestOf("a".repeat(limit - 1))).toBeDefined();
  const read = vi.fn(() => "a");
  const late = Object.defineProperty({}, "late", { enumerable: true, get: read });
  const many = Array.from({ length: limit }, () => 1);
  const long = ["a".repeat(limit), { text: "a".repeat(limit) }, many, { deep: [many] }, Buffer.alloc(limit)];
  expect(long.map(digestOf)).toEqual(long.map(() => undefined));
  expect(digestOf([late, "a".repeat(limit)])).toBeUndefined();
  expect(read).not.toHaveBeenCalled();
});

it("takes a call for a repetition from the third on, of each tool for itself", () => {
  const calls = new RepeatedCalls();
  const three = [1, 2, 3];
  expect(three.map(() => calls.isRepetition("search", 1))).toEqual([false, false, true]);
  expect(three.map(() => calls.isRepetition("read", 1))).toEqual([false, false, true]);
  expect(calls.isRepetition("search", 2)).toBe(false);
});

const [FIRST, SECOND] = [-1, -2];

it("forgets the call that was longest ago, of more than a thousand", () => {
  const calls = new RepeatedCalls();
  calls.isRepetition("search", FIRST);
  calls.isRepetition("search", SECOND);
  calls.isRepetition("search", FIRST);
  for (let other = 0; other < 999; other += 1) calls.isRepetition("search", other);
  expect(calls.isRepetition("search", FIRST)).toBe(true);
  calls.isRepetition("search", SECOND);
  expect(calls.isRepetition("search", SECOND)).toBe(false);
});
