import { type Child, element, type ViewElement } from "./view-node.ts";

/** A table that scrolls sideways where there is no room for it, also by keyboard. */
export function scrollTable(
  name: { readonly "aria-label": string } | { readonly "aria-labelledby": string },
  heads: readonly string[],
  rows: readonly Child[],
): ViewElement {
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "group", ...name },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          heads.map((head) => element("th", { scope: "col" }, head)),
        ),
      ),
      element("tbody", {}, rows),
    ),
  );
}
