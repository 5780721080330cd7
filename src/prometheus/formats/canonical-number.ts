/** From this exponent on, and below the other one, Go writes a number with an exponent. */
const LARGE_EXPONENT = 6;
const SMALL_EXPONENT = -4;

/**
 * A number as OpenMetrics wants it in the label `le`: always with a point or an exponent, so that all
 * exposers write the same number in the same way.
 *
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#considerations-canonical-numbers
 */
export function canonicalNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  if (value === 0) return "0.0";
  const [digits = "", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < SMALL_EXPONENT || exponent >= LARGE_EXPONENT) {
    const sign = exponent < 0 ? "-" : "+";
    return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}
