import type { Attributes } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { LabelTexts, labelName, labelPairs, labelText } from "../../src/prometheus/label-texts.ts";

/**
 * Cases of github.com/prometheus/otlptranslator, label_namer_test.go (commit 51da7739), with its
 * default settings.
 */
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

/**
 * Keys for which the reference gives an error, or a label that Prometheus reserves. We show a
 * label.
 */
const ours: [string, string][] = [
  ["__name__", "_name_"],
  ["__proto__", "_proto_"],
  ["", "_"],
  ["ようこそ", "_"],
  ["otel.scope.name", "otel_scope_name"],
];

const odd = (attributes: object): Attributes => attributes as Attributes;

describe("labelText", () => {
  it("is sorted by label, whatever the order of the attributes", () => {
    expect(labelText({ b: "2", a: "1" })).toBe('a="1",b="2"');
    expect(labelText({ a: "1", b: "2" })).toBe('a="1",b="2"');
  });

  it("is empty without attributes", () => {
    expect(labelText({})).toBe("");
  });

  it("joins the values of keys that become the same label, in the order of the keys", () => {
    expect(labelText({ a_b: "under", "a.b": "dot", "a-b": "dash" })).toBe('a_b="dash;dot;under"');
  });

  it("leaves out empty values", () => {
    expect(labelText(odd({ a: undefined, b: null, c: "", d: "x" }))).toBe('d="x"');
  });

  it("shows values that are not strings", () => {
    const attributes = odd({
      array: ["a", "b"],
      flag: false,
      none: Number.NaN,
      number: 1.5,
      object: { a: 1 },
    });
    expect(labelText(attributes)).toBe(
      'array="[\\"a\\",\\"b\\"]",flag="false",none="NaN",number="1.5",object="{\\"a\\":1}"',
    );
  });

  it("does not throw for values that JSON cannot represent", () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const hostile = { big: 10n, bigs: [10n], cyclic, fn: () => 1, symbol: Symbol("s") };
    expect(labelText(odd(hostile))).toBe(
      'big="10",bigs="[unserializable]",cyclic="[unserializable]",fn="[function]",symbol="[symbol]"',
    );
  });

  it("does not throw for attributes that throw when they are read", () => {
    const attributes = Object.defineProperty({ a: "1" }, "b", {
      enumerable: true,
      get() {
        throw new Error("no");
      },
    });
    expect(labelText(odd(attributes))).toBe('a="1",b="[unreadable]"');
  });

  it("keeps an attribute named __proto__ apart from the object's prototype", () => {
    expect(labelText(JSON.parse('{"__proto__":"x","constructor":"y"}'))).toBe('_proto_="x",constructor="y"');
  });

  it("is sorted by label if labels and keys sort differently", () => {
    expect(labelText({ "1": "one", a: "two", Z: "three" })).toBe('Z="three",a="two",key_1="one"');
  });

  it("escapes backslash, quote and line feed", () => {
    expect(labelText({ a: 'C:\\dir "x"\nnext' })).toBe('a="C:\\\\dir \\"x\\"\\nnext"');
  });

  it("writes a lone surrogate as the replacement character of UTF-8", () => {
    expect(labelText({ a: "x\uD800y", b: "😀" })).toBe('a="x\uFFFDy",b="😀"');
  });
});

describe("labelPairs", () => {
  it("gives the labels that labelText writes, not escaped", () => {
    const attributes = { "b.c": 'x "y"', b_c: "z", "1": 2, empty: "", a: "x\uD800y" };
    expect(labelPairs(attributes)).toEqual([
      ["a", "x\uFFFDy"],
      ["b_c", 'x "y";z'],
      ["key_1", "2"],
    ]);
    const written = labelPairs(attributes).map(
      ([label, value]) => `${label}="${value.replaceAll('"', '\\"')}"`,
    );
    expect(written.join(",")).toBe(labelText(attributes));
  });
});

describe("LabelTexts", () => {
  it("renames attributes that have the name of a reserved label", () => {
    expect(new LabelTexts(["le"]).of({ le: "1", a: "2" })).toBe('a="2",exported_le="1"');
    expect(new LabelTexts().of({ le: "1" })).toBe('le="1"');
  });

  it("makes a label of every key, also beyond the size of the cache", () => {
    const texts = new LabelTexts(["le"]);
    for (let i = 0; i < 1500; i += 1) expect(texts.of({ [`k.${i}`]: "v" })).toBe(`k_${i}="v"`);
    expect(texts.of({ le: "v" })).toBe('exported_le="v"');
  });
});

describe("labelName", () => {
  it.each([...reference, ...ours])("makes %j the label %j", (key, label) => {
    expect(labelName(key)).toBe(label);
  });
});
