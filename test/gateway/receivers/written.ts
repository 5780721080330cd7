import type { Labels } from "../../../src/core/series-key.ts";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { keyOf, type Label, type Sample } from "../../../src/wire/remote/time-series.ts";
import {
  encodedWriteRequest,
  type MetricMetadata,
  readWriteRequest,
} from "../../../src/wire/remote/write-request.ts";

/** A series as text: `name{label="value"}`, and its samples by their times; `end` marks its end. */
export type Written = Readonly<Record<string, Readonly<Record<number, number | "end">>>>;

/** The bytes of a request. */
export function requestOf(
  written: Written,
  metadata: readonly Partial<MetricMetadata>[] = [],
): Uint8Array<ArrayBuffer> {
  return encodedWriteRequest(
    Object.entries(written).map(([series, samples]) => ({
      key: keyOf(labelsOf(series)),
      samples: Object.entries(samples).map(
        ([at, value]): Sample => ({
          at: Number(at),
          value: value === "end" ? Number.NaN : value,
          isEnd: value === "end",
        }),
      ),
    })),
    metadata.map((told) => ({ family: "", type: "unknown", help: "", unit: "", ...told })),
  );
}

/** The content of a request. */
export function contentOf(written: Written, metadata: readonly Partial<MetricMetadata>[] = []) {
  return atOnce(readWriteRequest(requestOf(written, metadata)));
}

function labelsOf(series: string): Label[] {
  const [, name = "", inner = ""] = /^([^{]*)(?:\{(.*)\})?$/.exec(series) ?? [];
  const labels: Labels = Object.fromEntries(
    Array.from(inner.matchAll(/(\w+)="([^"]*)"/g), ([, label = "", value = ""]) => [label, value]),
  );
  return [["__name__", name] as const, ...Object.entries(labels)].toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  );
}
