/** A number for a table; a dash where there is none. Beyond 10,000 by its power of ten, so that columns stay narrow. */
export function shownNumber(value: number | undefined, digits: number): string {
  if (value === undefined) return "-";
  return Math.abs(value) >= 10_000 ? value.toExponential(1) : value.toFixed(digits);
}

/** So many seconds as a person says it: `30 s`, `5 min`, `1 h`, `2 d`. */
export function shownSeconds(seconds: number): string {
  const units: readonly [number, string][] = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
  ];
  const [size, name] = units.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, "s"];
  return `${Number((seconds / size).toFixed(3))} ${name}`;
}
