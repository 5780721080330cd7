import type { TimeTexts } from "../view/texts.ts";

const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const exact = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const withDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** Texts of times in the zone of the reader. */
export const localTimes: TimeTexts = {
  timeOfDay: (millis) => `${dayOf(millis)}${timeOfDay.format(millis)}`,
  exact: (millis) => `${dayOf(millis)}${exact.format(millis)}`,
};

/** The day, unless it is today. */
function dayOf(millis: number): string {
  return new Date(millis).toDateString() === new Date().toDateString() ? "" : `${withDay.format(millis)} `;
}
