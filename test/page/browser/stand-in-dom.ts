/** Nodes with as much of the DOM as the page's script needs. */
export class StandInText {
  parent: StandInElement | undefined;
  nodeValue: string;

  constructor(text: string) {
    this.nodeValue = text;
  }

  get nextSibling(): StandInNode | null {
    return siblingAfter(this);
  }

  remove(): void {
    this.parent?.childNodes.splice(this.parent.childNodes.indexOf(this), 1);
  }
}

/** An element: its name, its attributes and its children. */
export class StandInElement {
  parent: StandInElement | undefined;
  readonly childNodes: StandInNode[] = [];
  readonly #attributes = new Map<string, string>();
  readonly localName: string;

  constructor(localName: string) {
    this.localName = localName;
  }

  get id(): string {
    return this.getAttribute("id") ?? "";
  }

  get children(): StandInElement[] {
    return this.childNodes.filter((node) => node instanceof StandInElement);
  }

  get firstChild(): StandInNode | null {
    return this.childNodes[0] ?? null;
  }

  get nextSibling(): StandInNode | null {
    return siblingAfter(this);
  }

  getAttribute = (name: string): string | null => this.#attributes.get(name) ?? null;
  hasAttribute = (name: string): boolean => this.#attributes.has(name);
  getAttributeNames = (): string[] => [...this.#attributes.keys()];
  setAttribute = (name: string, value: string): void => void this.#attributes.set(name, value);
  removeAttribute = (name: string): void => void this.#attributes.delete(name);

  append(...nodes: StandInNode[]): void {
    for (const node of nodes) this.insertBefore(node, null);
  }

  insertBefore(node: StandInNode, next: StandInNode | null): void {
    node.remove();
    this.childNodes.splice(next === null ? this.childNodes.length : this.childNodes.indexOf(next), 0, node);
    node.parent = this;
  }

  remove(): void {
    this.parent?.childNodes.splice(this.parent.childNodes.indexOf(this), 1);
  }
}

export type StandInNode = StandInText | StandInElement;

/** What creates nodes. */
export const standInDocument = {
  createTextNode: (text: string) => new StandInText(text),
  createElement: (tag: string) => new StandInElement(tag),
  createElementNS: (namespace: string, tag: string) => {
    const element = new StandInElement(tag);
    element.setAttribute("xmlns", namespace);
    return element;
  },
};

function siblingAfter(node: StandInNode): StandInNode | null {
  const nodes = node.parent?.childNodes ?? [];
  return nodes[nodes.indexOf(node) + 1] ?? null;
}
