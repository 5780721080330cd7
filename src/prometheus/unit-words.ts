/** The words that a unit adds to a Prometheus name: `By/s` is `bytes` and `per_second`. Empty where it adds none. */
export interface UnitWords {
  readonly main: string;
  readonly per: string;
}

/** UCUM units that have a word in Prometheus, as github.com/prometheus/otlptranslator lists them. */
const mainUnits = new Map([
  ["d", "days"],
  ["h", "hours"],
  ["min", "minutes"],
  ["s", "seconds"],
  ["ms", "milliseconds"],
  ["us", "microseconds"],
  ["ns", "nanoseconds"],
  ["By", "bytes"],
  ["KiBy", "kibibytes"],
  ["MiBy", "mebibytes"],
  ["GiBy", "gibibytes"],
  ["TiBy", "tibibytes"],
  ["KBy", "kilobytes"],
  ["MBy", "megabytes"],
  ["GBy", "gigabytes"],
  ["TBy", "terabytes"],
  ["m", "meters"],
  ["V", "volts"],
  ["A", "amperes"],
  ["J", "joules"],
  ["W", "watts"],
  ["g", "grams"],
  ["Cel", "celsius"],
  ["Hz", "hertz"],
  ["1", ""],
  ["%", "percent"],
]);

/** Units after the slash are named in the singular, and `m` is a minute there. */
const perUnits = new Map([
  ["s", "second"],
  ["m", "minute"],
  ["h", "hour"],
  ["d", "day"],
  ["w", "week"],
  ["mo", "month"],
  ["y", "year"],
]);

/**
 * Splits a UCUM unit at its slash and says what each side is called in a Prometheus name. A side with an
 * `{annotation}` adds nothing: a count of something has no unit in Prometheus.
 */
export function unitWords(unit: string): UnitWords {
  const slash = unit.indexOf("/");
  const main = wordOf(slash < 0 ? unit : unit.slice(0, slash), mainUnits);
  const per = slash < 0 ? "" : wordOf(unit.slice(slash + 1), perUnits);
  return { main, per: per === "" ? "" : `per_${per}` };
}

function wordOf(side: string, known: ReadonlyMap<string, string>): string {
  const symbol = side.trim();
  if (/[{}]/.test(symbol)) return "";
  return known.get(symbol) ?? symbol.replace(/[^a-zA-Z0-9:]+/g, "_").replace(/^_|_$/g, "");
}
