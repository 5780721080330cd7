import fc from "fast-check";

const MAX_CUT = 30;
const odd = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("\u0000", "\u001b[2J", "\ufeff", "\ud800", "\r\n", "__proto__", "1e999", "-0", "NaN"),
  fc.constantFrom("9", " ", "[", "{", "(", "*", ",", "&a ", "*a").map((it) => it.repeat(3000)),
);

/**
 * Any text, and sound texts in which pieces were cut out, doubled and replaced.
 *
 * @param tokens what a parser looks for.
 */
export function anyText(samples: readonly string[], tokens: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(MAX_CUT),
    kept: fc.boolean(),
    put: fc.oneof({ arbitrary: fc.constantFrom(...tokens), weight: 3 }, odd),
  });
  const edited = fc
    .tuple(fc.constantFrom(...samples), fc.array(edit, { maxLength: 5 }))
    .map(([sample, edits]) =>
      edits.reduce((text, { at, cut, kept, put }) => {
        const from = Math.floor(at * text.length);
        const piece = text.slice(from, from + cut);
        return text.slice(0, from) + (kept ? piece + put + piece : put) + text.slice(from + cut);
      }, sample),
    );
  return fc.oneof({ arbitrary: edited, weight: 9 }, fc.string({ unit: "binary" }));
}

/** Any value that JSON can hold, and texts of it. */
export const anyJson = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 });
