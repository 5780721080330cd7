import fc from "fast-check";
import { expect, it } from "vitest";
import { linkTo, type PageQuery, parseQuery, queryText } from "../../../src/page/view/page-query.ts";

const usual: PageQuery = { search: "", match: "", sort: "urgency", page: 1, series: "" };

it.each([
  ["", usual],
  [
    "search=%20queue&page=3&sort=name&series=ab",
    { search: "queue", match: "", sort: "name", page: 3, series: "ab" },
  ],
  ["page=0&sort=other", usual],
  ["page=1.5", usual],
  ["page=1e9", { ...usual, page: 1_000_000 }],
  [`match=${"x".repeat(5000)}`, { ...usual, match: "x".repeat(1000) }],
] as const)("%s is read", (text, query) => {
  expect(parseQuery(text)).toEqual(query);
});

it("every query comes back from its text", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 50 }).map((it) => it.trim());
  const query = fc.record({
    search: text,
    match: text,
    sort: fc.constantFrom("urgency" as const, "name" as const),
    page: fc.integer({ min: 1, max: 1000 }),
    series: text,
  });
  fc.assert(
    fc.property(query, (given) => {
      expect(parseQuery(queryText(given))).toEqual(given);
    }),
  );
});

it("a link leaves out what is usual, and changes only what it is asked to", () => {
  expect(linkTo(usual, {})).toBe("./");
  expect(linkTo({ ...usual, search: "a" }, { page: 2 })).toBe("?search=a&page=2");
  expect(linkTo({ ...usual, search: "a" }, { search: "" })).toBe("./");
});
