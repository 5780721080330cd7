import fc from "fast-check";
import { expect, it } from "vitest";
import { AnswerCutter } from "../../src/promql/answer-cutter.ts";

/** Cuts a text that arrives in parts of these sizes, again and again. */
function cut(text: string, sizes: readonly number[]): { series: string[]; frame: string } {
  const cutter = new AnswerCutter();
  const bytes = Buffer.from(text);
  const series: string[] = [];
  for (let from = 0, part = 0; from < bytes.length; part++) {
    const size = sizes[part % sizes.length] as number;
    series.push(...cutter.take(bytes.subarray(from, from + size)));
    from += size;
  }
  return { series, frame: cutter.frame };
}

const answerOf = (result: unknown, more: object = {}): object => ({
  status: "success",
  data: { resultType: "matrix", result, stats: { samples: [{ a: [] }] } },
  warnings: ["{[", 'a "b" \\'],
  ...more,
});

it("cuts any series out of an answer that arrives in any parts", () => {
  const label = fc.string({ unit: "binary", maxLength: 5 });
  const series = fc.record({
    metric: fc.dictionary(label, label, { maxKeys: 3 }),
    values: fc.array(fc.tuple(fc.integer(), label), { maxLength: 3 }),
    histograms: fc.array(fc.record({ buckets: fc.array(fc.tuple(fc.integer(), label)) }), { maxLength: 2 }),
  });
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(series, { maxLength: 4 }),
      sizes,
      fc.constantFrom(undefined, 1),
      (all, parts, indent) => {
        const answer = answerOf(all);
        const { series: found, frame } = cut(JSON.stringify(answer, undefined, indent), parts);
        expect(found.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(all)));
        expect(JSON.parse(frame)).toEqual(answerOf([]));
      },
    ),
  );
});

it.each([
  ["a scalar", { status: "success", data: { resultType: "scalar", result: [1, "2"] } }],
  ["an error", { status: "error", errorType: "bad_data", error: "[{" }],
  ["arrays elsewhere", [[[{ a: 1 }, { b: 2 }]]]],
  ["objects deeper", { data: { a: { result: [{ b: 1 }, { c: 2 }] } } }],
])("leaves %s whole", (_, answer) => {
  const { series, frame } = cut(JSON.stringify(answer), [3]);
  expect(series).toEqual([]);
  expect(JSON.parse(frame)).toEqual(answer);
});

it("keeps only the beginning of something endless that is no answer", () => {
  const cutter = new AnswerCutter();
  const part = Buffer.alloc(2 ** 20, " ");
  for (let count = 0; count < 5; count++) expect([...cutter.take(part)]).toEqual([]);
  expect(cutter.frame.length).toBeLessThanOrEqual(2 ** 21);
});
