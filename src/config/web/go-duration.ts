const MILLIS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * The milliseconds of a duration in the notation of Go, such as `500ms` or `1m30s`. `undefined` for
 * any other text, and for durations of a year and more.
 */
export function goDurationMillis(text: string | 0): number | undefined {
  if (text === 0 || text === "0") return 0;
  if (!/^(\d{1,9}(\.\d{1,9})?(ns|us|ms|s|m|h)){1,7}$/.test(text)) return undefined;
  let millis = 0;
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d+)?)(ns|us|ms|s|m|h)/g))
    millis += Number(number) * (MILLIS[unit as string] as number);
  return millis < 365 * 24 * 3_600_000 ? millis : undefined;
}
