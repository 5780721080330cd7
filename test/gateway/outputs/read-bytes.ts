import { MessageReader } from "../../../src/wire/remote/message-reader.ts";
import { MessageWriter } from "../../../src/wire/remote/message-writer.ts";
import { readTimeSeries } from "../../../src/wire/remote/time-series.ts";

export interface AskedQuery {
  readonly from: number;
  readonly to: number;
  /** Conditions as PromQL writes them, such as `job=~"a.*"`. */
  readonly where: readonly string[];
}

/** The bytes of a `ReadRequest`. */
export function readRequestOf(queries: readonly AskedQuery[], acceptedTypes: readonly number[] = []) {
  const request = new MessageWriter();
  for (const { from, to, where } of queries) {
    const query = new MessageWriter();
    query.int(1, from);
    query.int(2, to);
    for (const condition of where) query.bytes(3, matcherBytes(condition));
    request.bytes(1, query.finish());
  }
  for (const type of acceptedTypes) request.int(2, type);
  return request.finish();
}

function matcherBytes(condition: string): Uint8Array {
  const [, name = "", comparison = "", value = ""] = /^(\w+)(=~|!~|!=|=)"(.*)"$/s.exec(condition) ?? [];
  const matcher = new MessageWriter();
  matcher.int(1, ["=", "!=", "=~", "!~"].indexOf(comparison));
  matcher.text(2, name);
  matcher.text(3, value);
  return matcher.finish();
}

/** The series of each result of a `ReadResponse`: labels as PromQL writes them, and samples. */
export function resultsOf(bytes: Uint8Array): Record<string, [number, number][]>[] {
  const results: Record<string, [number, number][]>[] = [];
  const response = new MessageReader(bytes);
  while (response.next()) {
    results.push(
      response.inside((result) => {
        const series: Record<string, [number, number][]> = {};
        while (result.next()) {
          const { samples, labels } = result.inside(readTimeSeries);
          const text = labels().map(([name, value]) => `${name}="${value}"`);
          series[`{${text.join(",")}}`] = samples.map(({ at, value }) => [at, value]);
        }
        return series;
      }),
    );
  }
  return results;
}
