import type { Exemplar } from "../core/exemplar.ts";
import type { SeriesKey } from "../core/series-key.ts";
import type { WindowedNumber } from "../core/windowed-number.ts";
import type { PublishedSeries } from "../otel/forecast-producer.ts";
import type { ResolvedOutput } from "./resolved-output.ts";

/** One number of one series that a view made. It is valid until the next collection. */
export interface ViewValue {
  readonly output: ResolvedOutput;
  readonly key: SeriesKey;
  readonly id: string;
  readonly value: number;
  /** The window that the number was made of; absent for a level and a total. */
  readonly window?: WindowedNumber | undefined;
  /** The trace of one of the values that a counter has counted, if it is known. */
  readonly exemplar?: Exemplar | undefined;
  /** `false`: no other view gives the series. Absent: that is not known. */
  readonly isContested?: boolean;
  /** The series that was published for it, if it has kept that. */
  readonly published?: PublishedSeries | undefined;
  /** Keeps the series that is published for it, so that nobody has to look it up. */
  keep?(published: PublishedSeries): void;
}
