/**
 * The words that a unit adds to a Prometheus name: `By/s` is `bytes` and `per_second`. Empty: no
 * word.
 */
export interface UnitWords {
  readonly main: string;
  readonly per: string;
}

/** Prometheus words of UCUM units. Source: github.com/prometheus/otlptranslator. */
const MAIN_UNITS = new Map(
  Object.entries({
    d: "days",
    h: "hours",
    min: "minutes",
    s: "seconds",
    ms: "milliseconds",
    us: "microseconds",
    ns: "nanoseconds",
    By: "bytes",
    KiBy: "kibibytes",
    MiBy: "mebibytes",
    GiBy: "gibibytes",
    TiBy: "tibibytes",
    KBy: "kilobytes",
    MBy: "megabytes",
    GBy: "gigabytes",
    TBy: "terabytes",
    m: "meters",
    V: "volts",
    A: "amperes",
    J: "joules",
    W: "watts",
    g: "grams",
    Cel: "celsius",
    Hz: "hertz",
    1: "",
    "%": "percent",
  }),
);

/** Words of units after the slash: singular, and `m` is a minute. */
const PER_UNITS = new Map(
  Object.entries({
    s: "second",
    m: "minute",
    h: "hour",
    d: "day",
    w: "week",
    mo: "month",
    y: "year",
  }),
);

/**
 * The words for both sides of the slash of a UCUM unit. A side with an `{annotation}` adds no word,
 * because a count has no unit in Prometheus.
 */
export function unitWords(unit: string): UnitWords {
  const slash = unit.indexOf("/");
  const main = wordOf(slash < 0 ? unit : unit.slice(0, slash), MAIN_UNITS);
  const per = slash < 0 ? "" : wordOf(unit.slice(slash + 1), PER_UNITS);
  return { main, per: per === "" ? "" : `per_${per}` };
}

function wordOf(side: string, known: ReadonlyMap<string, string>): string {
  const symbol = side.trim();
  if (/[{}]/.test(symbol)) return "";
  return known.get(symbol) ?? symbol.replace(/[^a-zA-Z0-9:]+/g, "_").replace(/^_|_$/g, "");
}
