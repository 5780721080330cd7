import type { Labels } from "../../src/core/series-key.ts";
import { matrix, type Received, vector } from "../promql/served-api.ts";

/** A series with its samples by time, in epoch milliseconds. */
export interface FakeSeries {
  readonly labels: Labels;
  readonly samples: ReadonlyMap<number, number>;
}

type Evaluated = readonly (FakeSeries & { readonly value: number })[];

const MEAN = /^avg_over_time\(\(([\s\S]*)\)\[(\d+)ms:(\d+)ms\] offset (\d+)ms\)$/;
const FINITE = /^\(\(([\s\S]*)\n\) > -Inf\) < Inf$/;
const TIME = String.raw`\(\(([\s\S]*)\n\) \* 0 \+ time\(\)\)`;
const PRESENCE = new RegExp(String.raw`^max_over_time\(${TIME}\[(\d+)ms:(\d+)ms\]\) or ${TIME}$`);

/**
 * Answers the queries of a backfill as Prometheus does. It knows what expressions give; it does not
 * evaluate any.
 */
export class FakePrometheus {
  /** Whether the start of a range is left out, as in Prometheus 3, or belongs to it, as in 2. */
  readonly #isLeftOpen: boolean;
  readonly #seriesOf: (expression: string) => readonly FakeSeries[];

  constructor(seriesOf: (expression: string) => readonly FakeSeries[], isLeftOpen: boolean) {
    this.#seriesOf = seriesOf;
    this.#isLeftOpen = isLeftOpen;
  }

  /** Answers a request of the API. */
  answer({ path, parameters }: Pick<Received, "path" | "parameters">): object {
    const query = parameters.get("query") ?? "";
    const [time, start, end, step] = ["time", "start", "end", "step"].map((name) =>
      Math.round(Number(parameters.get(name)) * 1000),
    ) as [number, number, number, number];
    if (path.endsWith("/query")) {
      return vector(
        this.evaluate(query, time).map(({ labels, value }) => ({
          metric: labels,
          value: [time / 1000, textOf(value)],
        })),
      );
    }
    const values = new Map<FakeSeries["samples"], { metric: Labels; values: [number, string][] }>();
    for (let at = start; at <= end; at += step) {
      for (const { labels, samples, value } of this.evaluate(query, at)) {
        const known = values.get(samples) ?? { metric: labels, values: [] };
        values.set(samples, known);
        known.values.push([at / 1000, textOf(value)]);
      }
    }
    return matrix([...values.values()]);
  }

  /** The series with a value at a time. */
  evaluate(query: string, at: number): Evaluated {
    const mean = MEAN.exec(query);
    if (mean !== null) {
      const [, values, range, step, offset] = mean as unknown as [string, string, ...string[]];
      const finite = FINITE.exec(values)?.[1];
      const expression = finite ?? values.trimEnd();
      const isUsed = finite === undefined ? undefined : Number.isFinite;
      return this.#overTime(expression, at - Number(offset), Number(range), Number(step), meanOf, isUsed);
    }
    const presence = PRESENCE.exec(query);
    if (presence === null) return this.#at(query, at);
    const [, expression, range, step] = presence as unknown as [string, string, ...string[]];
    const newest = this.#overTime(
      expression,
      at,
      Number(range),
      Number(step),
      (samples) => Math.max(...samples.keys()) / 1000,
    );
    const now = this.#at(expression, at).filter(({ samples }) =>
      newest.every((it) => it.samples !== samples),
    );
    return [...newest, ...now.map((series) => ({ ...series, value: at / 1000 }))];
  }

  #at(expression: string, at: number): Evaluated {
    return this.#seriesOf(expression).flatMap((series) => {
      const value = series.samples.get(at);
      return value === undefined ? [] : [{ ...series, value }];
    });
  }

  #overTime(
    expression: string,
    end: number,
    range: number,
    step: number,
    fold: (samples: ReadonlyMap<number, number>) => number,
    isUsed: (value: number) => boolean = () => true,
  ): Evaluated {
    return this.#seriesOf(expression).flatMap((series) => {
      const used = new Map<number, number>();
      const start = end - range;
      for (let at = Math.ceil(start / step) * step; at <= end; at += step) {
        if (at === start && this.#isLeftOpen) continue;
        const value = series.samples.get(at);
        if (value !== undefined && isUsed(value)) used.set(at, value);
      }
      return used.size === 0 ? [] : [{ ...series, value: fold(used) }];
    });
  }
}

function meanOf(samples: ReadonlyMap<number, number>): number {
  return Array.from(samples.values()).reduce((sum, value) => sum + value, 0) / samples.size;
}

function textOf(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
