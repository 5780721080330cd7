import type { ViewElement, ViewNode } from "../view/view-node.ts";

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "path", "line"]);
/** An element with this attribute belongs to a script: its content is left alone. */
export const OWNED = "data-owned";

/**
 * Makes the children of an element those of a view. What is there stays where it can, so the focus,
 * the selection and what a person typed survive. Texts become text nodes, never markup.
 */
export function patchChildren(parent: Element, children: readonly ViewNode[]): void {
  const byId = new Map<string, Element>();
  for (const child of parent.children) if (child.id !== "") byId.set(child.id, child);
  let next = parent.firstChild;
  for (const child of children) {
    const wanted = matching(child, next, byId);
    if (wanted === undefined) {
      parent.insertBefore(created(child), next);
      continue;
    }
    if (wanted === next) next = next.nextSibling;
    else parent.insertBefore(wanted, next);
    if (typeof child !== "string") patch(wanted as Element, child);
    else if (wanted.nodeValue !== child) wanted.nodeValue = child;
  }
  while (next !== null) {
    const after: ChildNode | null = next.nextSibling;
    next.remove();
    next = after;
  }
}

/** The node that becomes the child: that of the same id, or the next one if it is of the same kind. */
function matching(
  child: ViewNode,
  next: ChildNode | null,
  byId: ReadonlyMap<string, Element>,
): ChildNode | undefined {
  if (typeof child === "string") return next instanceof Text ? next : undefined;
  const { id = "" } = child.attributes;
  if (id !== "") {
    const known = byId.get(id);
    return known?.localName === child.tag ? known : undefined;
  }
  return next instanceof Element && next.localName === child.tag && next.id === "" ? next : undefined;
}

function patch(node: Element, { attributes, children }: ViewElement): void {
  if (node.hasAttribute(OWNED)) return;
  for (const [name, value] of Object.entries(attributes))
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  for (const name of node.getAttributeNames())
    if (!(name in attributes) && !(name === "open" && node.localName === "details"))
      node.removeAttribute(name);
  patchChildren(node, children);
}

function created(child: ViewNode): Node {
  if (typeof child === "string") return document.createTextNode(child);
  const { tag, attributes, children } = child;
  const node = SVG_TAGS.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.map(created));
  return node;
}
