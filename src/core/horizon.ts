/** How far ahead a forecast looks. */
export interface Horizon {
  /** As the user wrote it, such as `5m`. It is the value of the label `horizon`. */
  readonly label: string;
  readonly seconds: number;
}

/** The end of the day: a horizon of totals of the day. It is at most a day away. */
export const MIDNIGHT: Horizon = { label: "midnight", seconds: 86_400 };

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Parses a horizon, which is a duration. Its label is the given text. `undefined`: no duration. */
export function parseHorizon(text: string): Horizon | undefined {
  const seconds = parseDuration(text);
  return seconds === undefined ? undefined : { label: text.trim(), seconds };
}

/**
 * The seconds of a duration such as `90s`, `5m`, `1h`, `1d` or `1w`. `undefined` for 0 and for any
 * other text.
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})(s|m|h|d|w)$/.exec(text.trim());
  if (match === null) return undefined;
  const seconds = Number(match[1]) * (SECONDS[match[2] as string] as number);
  return seconds > 0 ? seconds : undefined;
}
