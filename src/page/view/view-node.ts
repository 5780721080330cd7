/** An element of the page, before it is written as HTML or created in a browser. */
export interface ViewElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly ViewNode[];
}

/**
 * A part of the page. Texts are data: the server escapes them, a browser creates text nodes of them. So
 * a name can never become markup.
 */
export type ViewNode = ViewElement | string;

/** What an element is made of. `undefined` and `false` stand for nothing. */
export type Child = ViewNode | readonly Child[] | undefined | false;

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element. An attribute that is `true` has no value; `false` and `undefined` leave it out. */
export function element(
  tag: string,
  attributes: Attributes = {},
  ...children: readonly Child[]
): ViewElement {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) kept[name] = value === true ? "" : String(value);
  return { tag, attributes: kept, children: flat(children) };
}

function flat(children: readonly Child[]): ViewNode[] {
  return children.flatMap((child) => {
    if (child === undefined || child === false) return [];
    return isList(child) ? flat(child) : [child];
  });
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child);
}
