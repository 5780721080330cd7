/** What a unit measures, and how many of the base unit it is. */
export interface Unit {
  readonly base: string;
  readonly factor: number;
}

const DECIMAL: Readonly<Record<string, number>> = {
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
};
const BINARY = Object.fromEntries(["Ki", "Mi", "Gi", "Ti", "Pi"].map((name, at) => [name, 1024 ** (at + 1)]));
const PREFIXES = { ...DECIMAL, ...BINARY };

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
  week: 604_800,
  weeks: 604_800,
};

/** Words for large numbers, as Grafana writes them before a unit or without one. */
const COUNTS: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 1e3,
  M: 1e6,
  Mil: 1e6,
  G: 1e9,
  Bil: 1e9,
  T: 1e12,
  Tri: 1e12,
};

/** Units with prefixes: bytes and bits, also per second, hertz, watts, volts and amperes. */
const PREFIXED = /^(p|n|u|m|[kKMGTP]|[KMGTP]i)?(s|B|b|bit|Hz|W|Wh|V|A)(\/s|ps)?$/;

/**
 * What a unit measures. Units with the same base can be converted into each other. An unknown unit
 * is its own base.
 */
export function unitOf(written: string): Unit {
  const text = written.replace(/[µμ]/g, "u");
  const seconds = SECONDS[text];
  if (seconds !== undefined) return { base: "s", factor: seconds };
  const [, prefix = "", base = "", rate] = PREFIXED.exec(text) ?? [];
  const isRateOfSeconds = base === "s" && rate !== undefined;
  if (base !== "" && !isRateOfSeconds) {
    return { base: rate === undefined ? base : `${base}/s`, factor: PREFIXES[prefix] as number };
  }
  const [, count = "", rest = ""] = /^([kKMGT]|Mil|Bil|Tri|[KMGTP]i)(?:\s+(.*)|)$/.exec(text) ?? [];
  const factor = COUNTS[count] ?? BINARY[count];
  return factor === undefined ? { base: written, factor: 1 } : { base: rest, factor };
}
