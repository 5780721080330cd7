import { describe, expect, it } from "vitest";
import { type BacktestRequest, backtestCommand } from "../../src/commands/backtest.ts";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { methodNames } from "../../src/forecast/fit-options.ts";

const DAY_STEPS = 96;

/** Ten days in quarters of an hour: a daily wave with deterministic noise. */
function wave(index: number): number {
  return 50 + 20 * Math.sin((2 * Math.PI * index) / DAY_STEPS) + 3 * Math.sin(index * index);
}

function csv(length: number, ...columns: ((index: number) => number | string)[]): string {
  const rows = Array.from({ length }, (_, index) => {
    const time = new Date(Date.UTC(2026, 0, 1) + index * 900_000).toISOString();
    return [time, ...columns.map((column) => column(index))].join(",");
  });
  return [["time", ...columns.map((_, index) => `s<${index}>`)].join(","), ...rows].join("\n");
}

async function run(text: string, more: Partial<BacktestRequest["backtest"]> = {}, htmlFile?: string) {
  let output = "";
  let html = "";
  const progress: [number, number][] = [];
  let finished = 0;
  let clock = 0;
  const request = (asJson: boolean): BacktestRequest => ({
    input: {
      input: "x.csv",
      columns: [],
      ids: [],
      clock: undefined,
      decimal: undefined,
      rangeQuery: undefined,
      timeoutMillis: 1,
      readText: async () => text,
    },
    backtest: {
      horizons: [{ steps: 12 }, { seconds: 86_400 }],
      origins: 3,
      methods: ["auto", "seasonal-naive"],
      bounds: {},
      ...more,
    },
    asJson,
    htmlFile,
  });
  const surroundings = {
    now: () => (clock += 2),
    advanced: (done: number, total: number) => progress.push([done, total]),
    finished: () => (finished += 1),
    pause: async () => {},
    write: (said: string) => (output += said),
    writeFile: async (_: string, said: string) => {
      html = said;
    },
  };
  await backtestCommand(request(true), surroundings);
  const json = JSON.parse(output);
  output = "";
  await backtestCommand(request(false), surroundings);
  return { json, text: output, html, progress, finished };
}

function pictures(html: string): string[] {
  return html.match(/<svg[\s\S]*?<\/svg>/g) ?? [];
}

describe("otel-forecast backtest", () => {
  it("scores every method at each horizon; naive is 1 by definition", async () => {
    const { json, text, progress, finished } = await run(csv(960, wave));
    expect(json.series).toHaveLength(1);
    expect(json.series[0]).toMatchObject({ id: "s<0>", step_seconds: 900, origins: 3, season: DAY_STEPS });
    expect(json.overall.map(({ method }: { method: string }) => method)).toEqual([
      "auto",
      "seasonal-naive",
      "naive",
    ]);
    for (const { method, horizons, forecasts, failures, ms } of json.overall) {
      expect({ forecasts, failures, ms }).toEqual({ forecasts: 3, failures: 0, ms: 2 });
      expect(horizons.map(({ steps }: { steps: number }) => steps)).toEqual([12, 96]);
      for (const horizon of horizons) {
        expect(Object.values(horizon).every(Number.isFinite), method).toBe(true);
        if (method === "naive") expect(horizon.mase_versus_naive).toBe(1);
        else expect(horizon.mase_versus_naive, method).toBeLessThan(0.7);
      }
    }
    expect(text).toMatch(/horizon 12 steps \(3 h\)[\s\S]*│ auto {2,}│[\s\S]*horizon 96 steps \(1 d\)/);
    expect(text).toContain("chosen at the last origin: auto");
    expect(progress.at(-1)).toEqual([9, 9]);
    expect(finished).toBe(2);
  });

  it("has the scores of fitModel with the options of a process", async () => {
    const { json } = await run(csv(960, wave), {
      origins: 1,
      horizons: [{ steps: 12 }],
      bounds: { upper: 60 },
    });
    const window = json.series[0].window as number;
    const origin = 960 - 12;
    const values = Float64Array.from({ length: window }, (_, index) => wave(origin - window + index));
    const fitted = fitModel(
      { values, stepSeconds: 900, season: DAY_STEPS },
      { method: "auto", bounds: { upper: 60 }, horizonSteps: 14 },
    );
    if (fitted.state !== "ready") throw new Error(fitted.state);
    const { mean } = fitted.model.predict(12);
    const error = mean.reduce((sum, value, index) => sum + Math.abs(value - wave(origin + index)), 0) / 12;
    const steps = values
      .slice(1)
      .reduce((sum, value, index) => sum + Math.abs(value - (values[index] as number)), 0);
    expect(json.overall[0].horizons[0].mase).toBeCloseTo(error / (steps / (window - 1)), 6);
  });

  it("combines several series by the geometric mean of their ratios", async () => {
    const { json } = await run(
      csv(960, wave, (index) => wave(index) ** 2),
      { methods: ["seasonal-naive"] },
    );
    const ratios = json.series.map(
      (series: { methods: { horizons: { mase_versus_naive: number }[] }[] }) =>
        series.methods[0]?.horizons[0]?.mase_versus_naive,
    );
    expect(json.overall[0].horizons[0].mase_versus_naive).toBeCloseTo(Math.sqrt(ratios[0] * ratios[1]), 5);
  });

  it.each(methodNames)("gives %s a stated outcome on series that are hard on methods", async (method) => {
    const text = csv(
      300,
      () => 5,
      (index) => (index % 50 === 0 ? 1e300 : index % 7),
      (index) => (index % 2 === 0 ? Number.MAX_VALUE : -Number.MAX_VALUE),
      (index) => (index % 9) * Number.MIN_VALUE,
      (index) => (index % 2 === 0 ? 1 : -1),
      (index) => (index < 20 || index > 290 ? 1 : ""),
      () => "",
    );
    const { json, html } = await run(text, { methods: [method], horizons: [{ steps: 12 }] }, "out.html");
    expect(json.untested).toEqual([{ id: "s<6>", reason: "all gaps: no value to forecast from" }]);
    expect(json.notes).toContain(
      "s<0>: the past is constant at every origin: errors have no unit, and MASE and quantile loss are undefined",
    );
    expect(json.notes.join("\n")).toMatch(/s<5>: warming up at/);
    for (const series of json.series) {
      for (const score of series.methods) {
        expect(score.failures, `${series.id} ${score.method}`).toBe(0);
        for (const value of Object.values(score.horizons[0]))
          expect(value === null || Number.isFinite(value)).toBe(true);
      }
    }
    expect(pictures(html).filter((it) => /NaN|Infinity|undefined/.test(it))).toEqual([]);
  });

  it("refuses an input without a series that can be tested, and says why", async () => {
    await expect(run(csv(300, () => ""))).rejects.toThrow(
      "not tested: s<0>: all gaps: no value to forecast from",
    );
    await expect(run(csv(9, wave))).rejects.toThrow("9 steps are too few: expected at least 24");
  });
});

describe("the HTML report", () => {
  it("is one file with tables and pictures of auto and the best method, without external resources", async () => {
    const { html } = await run(csv(960, wave), {}, "out.html");
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain("<td>seasonal-naive</td>");
    expect(pictures(html).length).toBeGreaterThanOrEqual(1);
    for (const kind of ["observed", "forecast", "band80", "band95"]) {
      expect(html).toMatch(new RegExp(`<path class="${kind}" d="M[^"]+"/>`));
    }
    expect(html).toContain("s&lt;0&gt;");
    expect(html).not.toContain("s<0>");
    expect(/(src|href)=|url\(|@import|<script/.test(html)).toBe(false);
    expect(pictures(html).filter((it) => /NaN|Infinity|undefined/.test(it))).toEqual([]);
    // The last origin is a day before the end.
    expect(html).toContain("2026-01-10 23:45");
  });

  it("is written only on request", async () => {
    expect((await run(csv(960, wave))).html).toBe("");
  });
});
