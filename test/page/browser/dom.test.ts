import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ViewElement, ViewNode } from "../../../src/page/view/view-node.ts";
import { StandInElement, type StandInNode, StandInText, standInDocument } from "./stand-in-dom.ts";

/** Not imported by its name: the types of a browser are none of the tests. */
const file: string = "../../../src/page/browser/dom.ts";
const { patchChildren }: { patchChildren: (parent: StandInElement, children: readonly ViewNode[]) => void } =
  await import(file);

beforeEach(() => {
  vi.stubGlobal("document", standInDocument);
  vi.stubGlobal("Text", StandInText);
  vi.stubGlobal("Element", StandInElement);
});
afterEach(() => vi.unstubAllGlobals());

function view(tag: string, attributes: ViewElement["attributes"], ...children: ViewNode[]): ViewElement {
  return { tag, attributes, children };
}

/** A node as a view. */
function shown(node: StandInNode): ViewNode {
  if (node instanceof StandInText) return node.nodeValue;
  const attributes = Object.fromEntries(
    node.getAttributeNames().map((name) => [name, node.getAttribute(name) ?? ""]),
  );
  return view(node.localName, attributes, ...node.childNodes.map(shown));
}

/** A parent that has shown a view. */
function patched(...children: ViewNode[]): StandInElement {
  const parent = new StandInElement("main");
  patchChildren(parent, children);
  return parent;
}

const row = (id: string, text = id): ViewElement => view("tr", { id }, view("td", { class: "name" }, text));

it.for<{ to: string; next: ViewNode[] }>([
  { to: "other texts and attributes", next: [view("p", { title: "b" }, "2"), "3"] },
  { to: "fewer attributes", next: [view("p", {}, "1")] },
  { to: "other elements", next: [view("ul", {}, view("li", {}, "1"))] },
  { to: "rows in another order", next: [row("c"), row("a"), row("b", "new")] },
  { to: "nothing", next: [] },
])("a page that changes to $to shows what it would show from the start", ({ next }) => {
  const parent = patched(view("p", { title: "a", class: "x" }, "1"), "2", row("a"), row("b"), row("c"));
  patchChildren(parent, next);
  expect(parent.childNodes.map(shown)).toEqual(patched(...next).childNodes.map(shown));
});

it("what is there stays: elements of an id wherever they go, others in their place", () => {
  const parent = patched(view("p", {}, "1"), row("a"), row("b"));
  const [paragraph, a, b] = parent.childNodes;
  patchChildren(parent, [view("p", { class: "x" }, "2"), row("b"), row("a")]);
  expect(parent.childNodes).toEqual([paragraph, b, a]);
  expect(parent.childNodes.every((node, index) => node === [paragraph, b, a][index])).toBe(true);
});

it.for([
  { tag: "details", stays: true },
  { tag: "dialog", stays: false },
])("what a person has opened: $tag stays open: $stays", ({ tag, stays }) => {
  const parent = patched(view(tag, {}, "1"));
  const [opened] = parent.children;
  for (const name of ["open", "title"]) opened?.setAttribute(name, "");
  patchChildren(parent, [view(tag, {}, "2")]);
  expect(opened?.getAttributeNames()).toEqual(stays ? ["open"] : []);
  expect(opened?.childNodes.map(shown)).toEqual(["2"]);
});

it("what belongs to a script is left alone", () => {
  const parent = patched(view("div", { class: "chart" }));
  const [chart] = parent.children;
  chart?.setAttribute("data-owned", "");
  chart?.append(new StandInElement("canvas"));
  patchChildren(parent, [view("div", { class: "other" }, "text")]);
  expect(parent.childNodes.map(shown)).toEqual([
    view("div", { class: "chart", "data-owned": "" }, view("canvas", {})),
  ]);
});

it("a drawing has the namespace of drawings, and nothing else has", () => {
  const [svg, div] = patched(view("svg", {}, view("path", {})), view("div", {})).children;
  expect(svg?.getAttribute("xmlns")).toBe("http://www.w3.org/2000/svg");
  expect(svg?.children[0]?.getAttribute("xmlns")).toBe("http://www.w3.org/2000/svg");
  expect(div?.hasAttribute("xmlns")).toBe(false);
});
