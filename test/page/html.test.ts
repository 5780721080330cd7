import fc from "fast-check";
import { expect, it } from "vitest";
import { htmlOf } from "../../src/page/html.ts";
import { element } from "../../src/page/view/view-node.ts";

it("writes elements, without what is undefined or false", () => {
  const view = element("p", { id: "a", hidden: true, title: undefined, lang: false, tabindex: 0 }, "one", [
    element("br"),
    false,
    undefined,
    ["two"],
  ]);
  expect(htmlOf(view)).toBe('<p id="a" hidden="" tabindex="0">one<br>two</p>');
});

it("no text and no attribute can end what it is in", () => {
  const hostile = fc.string({ unit: fc.constantFrom("<", ">", '"', "'", "&", "a", "/", "=", " ") });
  fc.assert(
    fc.property(hostile, (text) => {
      const html = htmlOf(element("p", { title: text }, text));
      expect(html.match(/[<>"']/g)?.join("")).toBe('<"">' + "<>");
      const plain = (/^<p title="(.*)">\1<\/p>$/.exec(html)?.[1] ?? "")
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&#39;", "'")
        .replaceAll("&amp;", "&");
      expect(plain).toBe(text);
    }),
  );
});
