import type { ViewElement, ViewNode } from "./view/view-node.ts";

/** Elements without an end tag. */
const VOID = new Set(["br", "input", "link", "meta"]);
const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Writes an element as HTML. All texts and attributes are escaped. */
export function htmlOf({ tag, attributes, children }: ViewElement): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const start = `<${tag}${written.join("")}>`;
  return VOID.has(tag) ? start : `${start}${children.map(nodeOf).join("")}</${tag}>`;
}

function nodeOf(node: ViewNode): string {
  return typeof node === "string" ? escaped(node) : htmlOf(node);
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ESCAPES[sign] ?? "");
}
