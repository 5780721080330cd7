/** How far a forecast looks ahead: as the user wrote it (`5m`, the value of the `horizon` label) and in seconds. */
export interface Horizon {
  readonly label: string;
  readonly seconds: number;
}

/** The end of the day, which totals of a day are forecast at too; it is at most so many seconds away. */
export const MIDNIGHT: Horizon = { label: "midnight", seconds: 86_400 };

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Reads `90s`, `5m`, `1h`, `1d`, `1w`; `undefined` for anything else, and for nothing or less than a second. */
export function parseHorizon(text: string): Horizon | undefined {
  const match = /^(\d{1,6})(s|m|h|d|w)$/.exec(text.trim());
  if (match === null) return undefined;
  const seconds = Number(match[1]) * (SECONDS[match[2] as string] as number);
  return seconds > 0 ? { label: text.trim(), seconds } : undefined;
}
