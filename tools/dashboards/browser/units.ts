// Units as Grafana writes them: https://github.com/grafana/grafana/tree/main/packages/grafana-data/src/valueFormats

/** How a value is written with its unit. Without decimals, as many as its size asks for. */
export type Writer = (value: number, decimals?: number) => string;

const COUNTS = ["", "K", "M", "B", "T"];
const SHORT = ["", " K", " Mil", " Bil", " Tri"];
const SPANS: readonly (readonly [number, string])[] = [
  [1e-9, "ns"],
  [1e-6, "µs"],
  [1e-3, "ms"],
  [1, "s"],
  [60, "min"],
  [3600, "hour"],
  [86_400, "day"],
  [604_800, "week"],
];

const UNITS: Readonly<Record<string, Writer>> = {
  short: scaledBy(1000, SHORT),
  percent: (value, decimals) => `${fixed(value, decimals)}%`,
  percentunit: (value, decimals) => `${fixed(value * 100, decimals)}%`,
  s: seconds,
  reqps: counts("req/s"),
  bytes: scaledBy(1024, [" B", " KiB", " MiB", " GiB", " TiB"]),
  currencyUSD: (value, decimals) => `$${scaledBy(1000, COUNTS)(value, decimals)}`,
  Bps: scaledBy(1000, [" B/s", " kB/s", " MB/s", " GB/s", " TB/s"]),
};

/** The writer of a unit by its name in Grafana. */
export function writerOf(unit: string): Writer {
  const [, noun] = /^count:(.+)$/.exec(unit) ?? [];
  const known = noun === undefined ? UNITS[unit] : counts(noun);
  if (known === undefined) throw new Error(`the unit ${unit} is not known to pictures of dashboards`);
  return known;
}

/** @throws Error if the unit is not known. */
export function checkUnit(unit: string): void {
  writerOf(unit);
}

const MOST_DECIMALS = 10;

/** The labels of an axis, each with the fewest decimals that show it as it is. */
export function axisLabels(unit: string, ticks: readonly number[]): string[] {
  const write = writerOf(unit);
  return ticks.map((tick) => {
    const exact = Number.parseFloat(write(tick, MOST_DECIMALS));
    const labels = Array.from({ length: MOST_DECIMALS }, (_, decimals) => write(tick, decimals));
    return labels.find((label) => Number.parseFloat(label) === exact) ?? write(tick);
  });
}

function fixed(value: number, decimals = decimalsOf(value)): string {
  return value.toFixed(decimals);
}

/** Three digits. */
function decimalsOf(value: number): number {
  if (value === 0 || Number.isInteger(value)) return 0;
  return Math.min(100, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

function scaledBy(factor: number, endings: readonly string[]): Writer {
  return (value, decimals) => {
    const size = Math.abs(value);
    const steps = size < 1 ? 0 : Math.floor(Math.log(size * (1 + 1e-12)) / Math.log(factor));
    const place = Math.min(endings.length - 1, steps);
    return `${fixed(value / factor ** place, decimals)}${endings[place]}`;
  };
}

function counts(noun: string): Writer {
  const scaled = scaledBy(1000, COUNTS);
  return (value, decimals) => `${scaled(value, decimals)} ${noun}`;
}

function seconds(value: number, decimals?: number): string {
  const size = Math.abs(value);
  const [span, name] = SPANS.findLast(([least]) => size >= least) ?? ([1, "s"] as const);
  const amount = fixed(value / span, decimals);
  const isPlural = span >= 60 && amount !== "1";
  return `${amount} ${name}${isPlural ? "s" : ""}`;
}
