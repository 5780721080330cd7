import { type YieldingClock, YieldingRunner } from "../../core/yielding-runner.ts";
import type { ReadQuery, ReadRequest } from "../../wire/remote/read-request.ts";
import { ReadResponseWriter } from "../../wire/remote/read-response.ts";
import { keyOf, type Sample } from "../../wire/remote/time-series.ts";
import { RefusedRequest } from "../remote/refused-request.ts";
import { byLabels, type SelectedPath, selectedPaths } from "./path-selection.ts";
import { numberOf, type PathSource } from "./path-source.ts";
import { withoutGaps } from "./without-gaps.ts";

/** Where an answer comes from, and how large it may be. */
export interface PathAnswerOptions {
  readonly source: PathSource;
  readonly maxSamples: number;
  readonly clock: YieldingClock;
}

/**
 * The answer to a request, as bytes. It rests every few milliseconds, so that the process stays
 * responsive.
 *
 * @throws RefusedRequest if a query cannot be answered, or the answer would be too large.
 */
export async function pathAnswer(
  { queries }: ReadRequest,
  { source, maxSamples, clock }: PathAnswerOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const runner = new YieldingRunner(clock);
  const writer = new ReadResponseWriter();
  let samples = 0;
  for (const query of queries) {
    for (const { key, selected } of await sorted(query, source, runner)) {
      samples += writer.add({ key, samples: samplesOf(selected, query) });
      if (samples > maxSamples)
        throw new RefusedRequest(
          { status: 400, reason: "too_many_samples" },
          `the answer has more than ${maxSamples} samples: select fewer series, or a shorter range`,
        );
      if (runner.isDue) await runner.pause();
    }
    writer.endResult();
  }
  return writer.finish();
}

/** What a query selects, in the order of an answer. Of several with the same labels only one. */
async function sorted(
  query: ReadQuery,
  source: PathSource,
  runner: YieldingRunner,
): Promise<{ key: string; selected: SelectedPath }[]> {
  const found: SelectedPath[] = [];
  for (const selected of selectedPaths(query, source)) {
    if (selected !== undefined) found.push(selected);
    if (runner.isDue) await runner.pause();
  }
  const unique = new Map<string, SelectedPath>();
  for (const selected of found.sort(byLabels)) {
    const key = keyOf(selected.labels);
    if (!unique.has(key)) unique.set(key, selected);
    if (runner.isDue) await runner.pause();
  }
  return Array.from(unique, ([key, selected]) => ({ key, selected }));
}

/** The points of a line that are in the range of a query. */
function* samplesOf(
  { path, kind }: SelectedPath,
  { startMillis, endMillis }: ReadQuery,
): Generator<Sample, undefined> {
  for (const point of withoutGaps(path.latest, path.points())) {
    const at = Math.round(point.at);
    if (at > endMillis) return;
    if (at >= startMillis) yield { at, value: numberOf(point, kind), isEnd: false };
  }
}
