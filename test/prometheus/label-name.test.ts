import { describe, expect, it } from "vitest";
import { labelName } from "../../src/prometheus/label-texts.ts";

/** Cases of github.com/prometheus/otlptranslator, label_namer_test.go (commit 51da7739), with its default settings. */
const reference: [string, string][] = [
  ["label:with:colons", "label_with_colons"],
  ["LabelWithCapitalLetters", "LabelWithCapitalLetters"],
  ["label!with&special$chars)", "label_with_special_chars_"],
  ["label_with_foreign_characters_字符", "label_with_foreign_characters_"],
  ["label.with.dots", "label_with_dots"],
  [".foo", "_foo"],
  ["123label", "key_123label"],
  ["_label_starting_with_underscore", "_label_starting_with_underscore"],
  ["__label_starting_with_2underscores", "_label_starting_with_2underscores"],
  ["label__with__double__underscores", "label_with_double_underscores"],
  ["trailing_underscores___", "trailing_underscores_"],
];

/** Where the reference gives an error or keeps a label that Prometheus has for itself, a label is shown all the same. */
const ours: [string, string][] = [
  ["__name__", "_name_"],
  ["__proto__", "_proto_"],
  ["", "_"],
  ["ようこそ", "_"],
  ["otel.scope.name", "otel_scope_name"],
];

describe("labelName", () => {
  it.each([...reference, ...ours])("makes %j the label %j", (key, label) => {
    expect(labelName(key)).toBe(label);
  });
});
