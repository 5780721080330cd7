import { expect, it } from "vitest";
import { readableMetrics } from "../../src/core/readable-metrics.ts";

const metric = (name: unknown, unit: unknown = "s", description: unknown = "what") => ({
  descriptor: { name, unit, description },
});

it("keeps what has texts, as it is, however long", () => {
  const long = "x".repeat(1000);
  const scopes = [
    { scope: { name: long, version: long }, metrics: [metric(long, long, long)] },
    { scope: { name: long }, metrics: [] },
  ];
  const { scopes: readable, errors } = readableMetrics(scopes as never[]);
  expect(readable).toEqual(scopes);
  expect(errors).toEqual([]);
});

it("makes texts of a scope, a unit and a description that are none", () => {
  const scopes = [
    { scope: { name: 5, version: 7 }, metrics: [metric("a", 1, null)] },
    { scope: { name: 6 }, metrics: [] },
  ];
  const { scopes: readable, errors } = readableMetrics(scopes as never[]);
  expect(readable).toEqual([
    { scope: { name: "5", version: "7" }, metrics: [metric("a", "", "")] },
    { scope: { name: "6", version: undefined }, metrics: [] },
  ]);
  expect(errors).toEqual([]);
});

it.each([
  [metric("a", 1, "what"), metric("a", "", "what")],
  [metric("a", "s", null), metric("a", "s", "")],
])("keeps the text of a metric of which only the unit or the description is one", (given, expected) => {
  const scopes = [{ scope: { name: "shop" }, metrics: [given] }];
  expect(readableMetrics(scopes as never[]).scopes).toEqual([
    { scope: { name: "shop" }, metrics: [expected] },
  ]);
});

it.each([
  [
    { name: 5, version: "1" },
    { name: "5", version: "1" },
  ],
  [
    { name: "shop", version: 7 },
    { name: "shop", version: "7" },
  ],
])("keeps the text of a scope of which only the name or the version is one", (given, expected) => {
  const { scopes } = readableMetrics([{ scope: given, metrics: [] }] as never[]);
  expect(scopes).toEqual([{ scope: expected, metrics: [] }]);
});

it("leaves out a metric whose name is no text, with an error", () => {
  const scopes = [{ scope: { name: "shop" }, metrics: [metric(5), metric("a")] }];
  const { scopes: readable, errors } = readableMetrics(scopes as never[]);
  expect(readable).toEqual([{ scope: { name: "shop" }, metrics: [metric("a")] }]);
  expect(errors.map(({ message }) => message)).toEqual(["the name of a metric is no text: a number"]);
});
