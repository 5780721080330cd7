import { expect, it } from "vitest";
import { parseQuery } from "../../../src/page/view/page-query.ts";
import { limitText, wordsOf } from "../../../src/page/view/series-cells.ts";
import {
  intervalText,
  momentOf,
  nameOf,
  sentenceOf,
  shareText,
  UTC_TIMES,
  valueText,
} from "../../../src/page/view/texts.ts";
import { element, type ViewNode } from "../../../src/page/view/view-node.ts";

const NOW = Date.UTC(2026, 4, 17, 12, 5, 9);
const HOUR = 3600;
const DAY = 24 * HOUR;

function textOf(node: ViewNode): string {
  return typeof node === "string" ? node : node.children.map(textOf).join("");
}

it.each<[number, string]>([
  [0, "now"],
  [0.999, "now"],
  [1, "in 1 second"],
  [1.4, "in 1 second"],
  [59.4, "in 59 seconds"],
  [59.6, "in 1 minute"],
  [89, "in 1 minute"],
  [91, "in 2 minutes"],
  [HOUR - 1, "in 1 hour"],
  [1.6 * HOUR, "in 2 hours"],
  [2 * DAY - 1, "in 2 days"],
  [47.4 * HOUR, "in 47 hours"],
  [2 * DAY, "in 2 days"],
  [2.6 * DAY, "in 3 days"],
  [-0.5, "now"],
  [-60, "1 minute ago"],
])("what is %d s away is %s", (seconds, text) => {
  const at = NOW + seconds * 1000;
  expect(textOf(element("p", {}, momentOf(at, NOW, UTC_TIMES)))).toBe(`${UTC_TIMES.timeOfDay(at)} (${text})`);
});

it("a moment has a time that programs read, and in UTC two texts", () => {
  expect(element("p", {}, momentOf(NOW, NOW, UTC_TIMES)).children[0]).toEqual(
    element("time", { datetime: "2026-05-17T12:05:09.000Z" }, "12:05 UTC"),
  );
  expect([UTC_TIMES.timeOfDay(NOW), UTC_TIMES.exact(NOW)]).toEqual(["12:05 UTC", "12:05:09 UTC"]);
});

it.each([
  [{ lower: 1, upper: 2 }, "1 to 2"],
  [{ lower: 0.0001, upper: 1.5 }, "0 to 1.5"],
  [{ lower: -0.0001, upper: 1.5 }, "0 to 1.5"],
  [{ lower: 0.001, upper: 1.5 }, "0.001 to 1.5"],
  [{ lower: -1.5, upper: -0.0001 }, "-1.5 to 0"],
  [{ lower: 0.5, upper: 0.5 }, "0.5 to 0.5"],
])("the interval %j is written %s", (interval, text) => {
  expect(intervalText({ metric: "queue", unit: "" }, interval)).toBe(text);
});

it.each([
  [undefined, 3, "–"],
  [null, 3, "–"],
  [Number.NaN, 3, "–"],
  [Number.POSITIVE_INFINITY, 3, "–"],
  [0, 3, "0 s"],
  [1.23456, 3, "1.23 s"],
  [1.23456, 2, "1.2 s"],
])("the value %d with %i digits is written %s", (value, digits, text) => {
  expect(valueText({ metric: "latency", unit: "s" }, value, digits)).toBe(text);
});

it("a value has three digits unless it is asked for others", () => {
  expect(valueText({ metric: "latency", unit: "s" }, 1.23456)).toBe("1.23 s");
});

it.each([
  [0, "0%"],
  [0.794, "79%"],
  [0.796, "80%"],
  [1, "100%"],
])("the share %d is written %s", (share, text) => {
  expect(shareText(share)).toBe(text);
});

it("a long name is cut, with the whole of it in its title; a sentence has more room", () => {
  const [fits, long] = ["x".repeat(160), "x".repeat(161)];
  expect(nameOf(fits)).toEqual(element("bdi", {}, fits));
  expect(nameOf(long)).toEqual(element("bdi", { title: long }, `${fits}…`));
  expect(sentenceOf("x".repeat(1000))).toEqual(element("bdi", {}, "x".repeat(1000)));
  expect(sentenceOf("x".repeat(1001)).attributes.title).toHaveLength(1001);
  expect(nameOf("a\u0007")).toEqual(element("bdi", {}, "a\\u0007"));
});

it.each([
  ["5m", "5 minutes"],
  ["1h", "1 hour"],
  ["midnight", "midnight"],
])("the horizon %s is %s in words", (horizon, words) => {
  expect(wordsOf(horizon)).toBe(words);
});

it.each([
  [undefined, "above 9not forecast"],
  [0, "above 9▲ passed now"],
  [0.2, "above 9◆ passes at 12:05 UTC (now)"],
  [120, "above 9◆ passes at 12:07 UTC (in 2 minutes)"],
])("a threshold that is passed in %d s is written %j", (secondsToThreshold, text) => {
  const given = { threshold: { direction: "above" as const, value: 9 }, at: NOW };
  const series = {
    id: "a",
    metric: "m",
    labels: {},
    unit: "",
    state: "ready" as const,
    horizons: [],
    ...given,
  };
  const context = { now: NOW, times: UTC_TIMES, query: parseQuery("") };
  const shown = secondsToThreshold === undefined ? series : { ...series, secondsToThreshold };
  expect(textOf(element("p", {}, limitText(shown, context)))).toBe(text);
  const title = element("p", {}, limitText(shown, context)).children.find(
    (child) => typeof child === "object" && child.attributes.class === "soon",
  );
  const seconds = { 0.2: "1 second", 120: "2 minutes" }[secondsToThreshold ?? 0];
  expect(typeof title === "object" ? title.attributes.title : undefined).toBe(seconds);
});

it("elements leave out what is nothing, and an attribute that is true has no value", () => {
  const made = element(
    "p",
    { a: true, b: false, c: undefined, d: 0, e: "" },
    "x",
    [false, ["y", [undefined]]],
    "",
  );
  expect(made).toEqual({ tag: "p", attributes: { a: "", d: "0", e: "" }, children: ["x", "y", ""] });
  expect(element("br")).toEqual({ tag: "br", attributes: {}, children: [] });
});
