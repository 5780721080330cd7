import { describe, expect, it, vi } from "vitest";
import { pathAnswer } from "../../../src/gateway/outputs/path-answer.ts";
import type { PathSource } from "../../../src/gateway/outputs/path-source.ts";
import { readReadRequest } from "../../../src/wire/remote/read-request.ts";
import { MINUTE, NOW, pathOf, sourceOf } from "./paths.ts";
import { type AskedQuery, readRequestOf, resultsOf } from "./read-bytes.ts";

const clock = { elapsedMillis: () => 0, pause: async () => {} };
const HOUR = 60 * MINUTE;

async function answers(queries: readonly AskedQuery[], source: PathSource, maxSamples = 1000) {
  return resultsOf(await pathAnswer(readReadRequest(readRequestOf(queries)), { source, maxSamples, clock }));
}

/** The series that one query over the next hour finds. */
async function found(source: PathSource, ...where: string[]): Promise<string[]> {
  const [result] = await answers([{ from: NOW, to: NOW + HOUR, where }], source);
  return Object.keys(result ?? {});
}

const depth = pathOf("queue_depth", { queue: "mail", job: "b" }, [1, 2, 3]);
const other = pathOf("queue_depth", { queue: "bills", job: "a" }, [4]);
const load = pathOf("load", {}, [5]);
const source = sourceOf(depth, other, load);

describe("the answer to a query", () => {
  it("has the points of the path at their own times, within the range", async () => {
    const where = ['__name__="queue_depth"', 'queue="mail"', 'forecast="path"'];
    const name = '{__name__="queue_depth",forecast="path",job="b",queue="mail"}';
    const all: [number, number][] = [
      [NOW + MINUTE, 1],
      [NOW + 2 * MINUTE, 2],
      [NOW + 3 * MINUTE, 3],
    ];
    const ranges: [number, number, [number, number][]][] = [
      [NOW, NOW + HOUR, all],
      [NOW + MINUTE, NOW + 3 * MINUTE, all],
      [NOW + MINUTE + 1, NOW + 3 * MINUTE - 1, all.slice(1, 2)],
      [NOW - HOUR, NOW, []],
    ];
    for (const [from, to, points] of ranges)
      expect(await answers([{ from, to, where }], source)).toEqual([{ [name]: points }]);
  });

  it("has the bounds, with their level", async () => {
    const where = ['__name__="load"', 'forecast=~"lower|upper"'];
    expect(await answers([{ from: NOW, to: NOW + HOUR, where }], source)).toEqual([
      {
        '{__name__="load",forecast="lower",level="0.8"}': [[NOW + MINUTE, 4]],
        '{__name__="load",forecast="upper",level="0.8"}': [[NOW + MINUTE, 6]],
      },
    ]);
    expect(await found(source, '__name__="load"', 'forecast="lower"', 'level="0.95"')).toEqual([]);
    expect(await found(source, '__name__="load"', 'forecast="path"', 'level=""')).toHaveLength(1);
  });

  it("has its series sorted by their labels", async () => {
    expect(await found(source, 'forecast="path"')).toEqual([
      '{__name__="load",forecast="path"}',
      '{__name__="queue_depth",forecast="path",job="a",queue="bills"}',
      '{__name__="queue_depth",forecast="path",job="b",queue="mail"}',
    ]);
    expect(
      await found(
        sourceOf(pathOf("a", { b: "1", c: "1" }, [1]), pathOf("a", { b: "1" }, [1])),
        'forecast="path"',
      ),
    ).toEqual(['{__name__="a",b="1",c="1",forecast="path"}', '{__name__="a",b="1",forecast="path"}']);
  });

  it("has one result for each query", async () => {
    const at = { from: NOW, to: NOW + HOUR };
    const results = await answers(
      [
        { ...at, where: ['__name__="load"', 'forecast="path"'] },
        { ...at, where: ['__name__="nothing"', 'forecast="path"'] },
        { ...at, where: ['__name__="queue_depth"', 'forecast="path"', 'job="a"'] },
      ],
      source,
    );
    expect(results.map((result) => Object.keys(result).length)).toEqual([1, 0, 1]);
    expect(await answers([], source)).toEqual([]);
  });

  it("is empty without a condition on forecast, and with one that no line fulfils", async () => {
    expect(await found(source, '__name__="load"')).toEqual([]);
    expect(await found(source, '__name__="load"', 'forecast=""')).toEqual([]);
    expect(await found(source, '__name__="load"', 'forecast="other"')).toEqual([]);
  });

  it.each([
    ['job="a"', ["a"]],
    ['job!="a"', ["b", ""]],
    ['job=~"a|b"', ["a", "b"]],
    ['job!~"a|b"', [""]],
    ['job=""', [""]],
    ['job!=""', ["a", "b"]],
    ['job=~".*"', ["a", "b", ""]],
    ['job=~".+"', ["a", "b"]],
    ['job=~"(?i)A"', ["a"]],
    ['job=~"[[:alpha:]]"', ["a", "b"]],
    ['queue=~"mai"', []],
    ['queue=~"\\\\Qmail\\\\E"'.replaceAll("\\\\", "\\"), ["b"]],
    ['queue=~"m.*l"', ["b"]],
    ['__name__=~"queue_.*"', ["a", "b"]],
    ['__name__!="queue_depth"', [""]],
  ])("knows %s", async (where, jobs) => {
    const series = await found(source, 'forecast="path"', where);
    expect(series.map((text) => /job="(.*?)"/.exec(text)?.[1] ?? "").toSorted()).toEqual(jobs.toSorted());
  });

  it("takes a value of a label that no series has for one of external_labels", async () => {
    expect(await found(source, 'forecast="path"', '__name__="load"', 'cluster="eu1"')).toHaveLength(1);
    expect(await found(source, 'forecast="path"', '__name__="load"', 'cluster=~"eu1"')).toEqual([]);
    expect(await found(source, 'forecast="path"', '__name__="load"', 'cluster!=""')).toEqual([]);
    const inside = sourceOf(load, pathOf("load", { cluster: "us1" }, [1]));
    expect(await found(inside, 'forecast="path"', '__name__="load"', 'cluster="eu1"')).toEqual([]);
  });

  it("rests after each path, also while it looks for a label that none of them has", async () => {
    let millis = 0;
    const pause = vi.fn(async () => {});
    const hasty = { elapsedMillis: () => (millis += 10), pause };
    const many = sourceOf(...Array.from({ length: 50 }, (_, id) => pathOf("load", { id: `${id}` }, [1])));
    const where = ['forecast="path"', 'id="7"', 'cluster="eu1"'];
    const asked = readReadRequest(readRequestOf([{ from: NOW, to: NOW + HOUR, where }]));
    await pathAnswer(asked, { source: many, maxSamples: 1000, clock: hasty });
    expect(pause.mock.calls.length).toBeGreaterThanOrEqual(100);
  });

  it("has no two series with the same labels", async () => {
    const twice = sourceOf(load, pathOf("load", {}, [9]));
    expect(await found(twice, 'forecast="path"')).toEqual(['{__name__="load",forecast="path"}']);
  });

  it("has points on a straight line where the steps are longer than a query looks back", async () => {
    const long = sourceOf(pathOf("load", {}, [12, 24], 12 * MINUTE));
    const where = ['forecast=~"path|upper"'];
    const [result] = await answers([{ from: NOW, to: NOW + HOUR, where }], long);
    expect(
      result?.['{__name__="load",forecast="path"}']?.map(([at, value]) => [(at - NOW) / MINUTE, value]),
    ).toEqual([
      [4, 4],
      [8, 8],
      [12, 12],
      [16, 16],
      [20, 20],
      [24, 24],
    ]);
    expect(result?.['{__name__="load",forecast="upper",level="0.8"}']?.at(3)?.[1]).toBe(17);
  });

  it("has whole milliseconds", async () => {
    const odd = sourceOf({ ...load, points: () => [{ at: NOW + 7.5, predicted: 1, lower: 1, upper: 1 }] });
    const [result] = await answers([{ from: NOW, to: NOW + 8, where: ['forecast="path"'] }], odd);
    expect(Object.values(result ?? {})).toEqual([[[NOW + 8, 1]]]);
  });

  it("is refused if it has too many samples", async () => {
    const query = { from: NOW, to: NOW + HOUR, where: ['forecast="path"', '__name__="queue_depth"'] };
    expect(await answers([query], source, 4)).toHaveLength(1);
    await expect(answers([query], source, 3)).rejects.toThrow(
      "the answer has more than 3 samples: select fewer series, or a shorter range",
    );
    await expect(answers([query, query], source, 7)).rejects.toMatchObject({ status: 400 });
  });

  it.each([
    ["(", "the regular expression for job cannot be used: error parsing regexp: missing closing )"],
    ["a{1,100000}", "invalid repeat count"],
    ["a".repeat(16_385), "has 16385 characters, expected at most 16384"],
    ["(?=a)", "cannot be used"],
  ])("is refused if a regular expression cannot be used", async (pattern, message) => {
    await expect(found(source, 'forecast="path"', `job=~"${pattern}"`)).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining(message),
    });
  });

  it("comes soon, whatever the regular expression is", async () => {
    const long = sourceOf(pathOf("load", { job: `${"a".repeat(5000)}!` }, [1]));
    // Takes JavaScript's own expressions longer than the universe is old.
    expect(await found(long, 'forecast="path"', 'job=~"(a+)+b"')).toEqual([]);
    expect(await found(long, 'forecast="path"', 'job=~"(a|aa)+!"')).toHaveLength(1);
  });

  it("is made with rests", async () => {
    let elapsed = 0;
    const pause = vi.fn(async () => {});
    const busy = { elapsedMillis: () => elapsed++, pause };
    const many = sourceOf(...Array.from({ length: 100 }, (_, i) => pathOf(`m${i}`, {}, [1])));
    const request = readReadRequest(
      readRequestOf([{ from: NOW, to: NOW + HOUR, where: ['forecast="path"', '__name__!="m1"'] }]),
    );
    await pathAnswer(request, { source: many, maxSamples: 1000, clock: busy });
    expect(pause.mock.calls.length).toBeGreaterThan(100);
  });
});
