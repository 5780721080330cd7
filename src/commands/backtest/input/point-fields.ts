import { isTimeName } from "./times/time-names.ts";

/** The fields of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** The names of the fields that points have their time and their value in. */
export interface PointFields {
  readonly time: string;
  readonly value: string;
}

/**
 * Decides by the first point: `timestamp`, otherwise the first field with a usual name for times;
 * `value`, otherwise the only field with a number.
 */
export function pointFieldsOf(first: Fields, ids: readonly string[]): PointFields {
  const names = Object.keys(first).filter((name) => name !== "id" && !ids.includes(name));
  const time =
    "timestamp" in first
      ? "timestamp"
      : (names.find((name) => isTimeName(name) && /string|number/.test(typeof first[name])) ?? "timestamp");
  const numbers = names.filter((name) => name !== time && typeof first[name] === "number");
  const value = "value" in first || numbers.length !== 1 ? "value" : (numbers[0] as string);
  return { time, value };
}

/** Says which fields were used where they have other names than the documented ones. */
export function notesOnFields({ time, value }: PointFields): string[] {
  return [
    ...(time === "timestamp" ? [] : [`times were read from the field "${time}"`]),
    ...(value === "value" ? [] : [`values were read from the field "${value}"`]),
  ];
}
