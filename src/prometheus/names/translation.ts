/**
 * How the names of instruments and attributes become those on `/metrics`. The values are those of
 * OpenTelemetry and Prometheus:
 * https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/prometheus/
 */
export type Translation =
  | "UnderscoreEscapingWithSuffixes"
  | "UnderscoreEscapingWithoutSuffixes"
  | "NoUTF8EscapingWithSuffixes"
  | "NoTranslation";

export const DEFAULT_TRANSLATION: Translation = "UnderscoreEscapingWithSuffixes";

const TRANSLATIONS: readonly Translation[] = [
  DEFAULT_TRANSLATION,
  "UnderscoreEscapingWithoutSuffixes",
  "NoUTF8EscapingWithSuffixes",
  "NoTranslation",
];

/** A short name of `NoTranslation`. */
const NONE = "none";

/** The names of translations that are accepted. */
export const TRANSLATION_NAMES: readonly string[] = [...TRANSLATIONS, NONE];

/** The translation of a name, in whatever case; `undefined` if there is none. */
export function translationOf(name: string): Translation | undefined {
  const wanted = name.toLowerCase() === NONE ? "NoTranslation" : name;
  return TRANSLATIONS.find((translation) => translation.toLowerCase() === wanted.toLowerCase());
}

/** Whether names keep the characters that Prometheus did not accept before version 3. */
export function keepsUtf8(translation: Translation): boolean {
  return translation === "NoUTF8EscapingWithSuffixes" || translation === "NoTranslation";
}

/** Whether names get the unit and `_total` or `_ratio`. */
export function addsSuffixes(translation: Translation): boolean {
  return translation === DEFAULT_TRANSLATION || translation === "NoUTF8EscapingWithSuffixes";
}
