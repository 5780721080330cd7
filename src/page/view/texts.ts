import { inUnitsOf, inWords } from "../../advice/human-units.ts";
import { visibleLine } from "../../core/visible.ts";
import type { SeriesStatus } from "../../status/answers.ts";
import { type Child, element, type ViewElement } from "./view-node.ts";

/** Longer names are cut; the whole name is in the title of the element. */
const MOST_CHARACTERS = 160;
/** A sentence has more room than a name. */
const MOST_OF_SENTENCE = 1000;
const NEGLIGIBLE = 1e-4;
/** What stands where there is no value. */
export const NOTHING = "–";

/** A metric whose values are written. */
type Measured = Pick<SeriesStatus, "metric" | "unit">;

/** How times are written: in the zone of the reader, or in UTC by the server. */
export interface TimeTexts {
  /** `14:05`, with the zone if it is not that of the reader. */
  timeOfDay(millis: number): string;
  /** `14:05:10`, with the day if it is another one. */
  exact(millis: number): string;
}

/** A value with its unit: `61.3%`, `350 ms`, `1.2 GiB`. */
export function valueText({ metric, unit }: Measured, given: number | undefined | null, digits = 3): string {
  const value = given ?? Number.NaN;
  if (!Number.isFinite(value)) return NOTHING;
  return visibleLine(inUnitsOf({ metricName: metric, unit }, value, digits));
}

/** `52.1% to 70%`: the interval of a forecast. What is far smaller than its width counts as 0. */
export function intervalText(
  metric: Measured,
  { lower, upper }: { readonly lower: number; readonly upper: number },
): string {
  const smallest = NEGLIGIBLE * (upper - lower);
  const [from, to] = [lower, upper].map((bound) => (Math.abs(bound) < smallest ? 0 : bound));
  return `${valueText(metric, from)} to ${valueText(metric, to)}`;
}

/** A ratio as a percentage without decimals: `79%`. */
export function shareText(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** A name that comes from elsewhere. It cannot turn the text around it, and its codes are visible. */
export function nameOf(text: string, most = MOST_CHARACTERS): ViewElement {
  const shown = visibleLine(text);
  const isLong = shown.length > most;
  return element("bdi", { title: isLong ? shown : undefined }, isLong ? `${shown.slice(0, most)}…` : shown);
}

/** A sentence with names that come from elsewhere. */
export function sentenceOf(text: string): ViewElement {
  return nameOf(text, MOST_OF_SENTENCE);
}

/** The moment of an event: the time of day, and how far it is away. */
export function momentOf(millis: number, now: number, times: TimeTexts): Child {
  const seconds = Math.abs(millis - now) / 1000;
  const away = seconds < 1 ? "now" : inWords(roundedSeconds(seconds));
  const relative = away === "now" ? away : millis > now ? `in ${away}` : `${away} ago`;
  return [
    element("time", { datetime: new Date(millis).toISOString() }, times.timeOfDay(millis)),
    " ",
    element("span", { class: "quiet" }, `(${relative})`),
  ];
}

/** Seconds, minutes, or hours as whole numbers: how long ago need not be exact. */
function roundedSeconds(seconds: number): number {
  const step = seconds < 60 ? 1 : seconds < 3600 ? 60 : seconds < 172_800 ? 3600 : 86_400;
  return Math.max(1, Math.round(seconds / step)) * step;
}

/** Texts of times in UTC, for readers whose zone is not known. */
export const UTC_TIMES: TimeTexts = {
  timeOfDay: (millis) => `${new Date(millis).toISOString().slice(11, 16)} UTC`,
  exact: (millis) => `${new Date(millis).toISOString().slice(11, 19)} UTC`,
};
