import type { AssetAddresses } from "./assets.ts";
import { htmlOf } from "./html.ts";
import type { PageData } from "./view/page-data.ts";
import type { PageQuery } from "./view/page-query.ts";
import { pageView } from "./view/page-view.ts";
import { nameOf, UTC_TIMES } from "./view/texts.ts";
import { element, type ViewElement } from "./view/view-node.ts";

const ICON =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#3056a8"/>' +
      '<path d="M2 11L6 7L9 9" fill="none" stroke="#fff" stroke-width="1.6"/>' +
      '<path d="M9 9L14 4" fill="none" stroke="#fff" stroke-width="1.6" stroke-dasharray="2 1.4"/></svg>',
  );

/** The whole page as HTML. It works without its script, which makes it live. */
export function documentOf(data: PageData, query: PageQuery, assets: AssetAddresses): string {
  return `<!doctype html>${htmlOf(
    element("html", { lang: "en" }, headOf(data, assets), bodyOf(data, query)),
  )}\n`;
}

function headOf({ service }: PageData, { script, style }: AssetAddresses): ViewElement {
  return element(
    "head",
    {},
    element("meta", { charset: "utf-8" }),
    element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
    element("meta", { name: "color-scheme", content: "light dark" }),
    element("title", {}, `${service} – otel-forecast`),
    element("link", { rel: "icon", href: ICON }),
    element("link", { rel: "stylesheet", href: style }),
    element("script", { src: script, type: "module" }),
  );
}

function bodyOf(data: PageData, query: PageQuery): ViewElement {
  return element(
    "body",
    {},
    element("a", { class: "skip", href: "#headline" }, "Skip to content"),
    element(
      "header",
      { class: "top" },
      element("p", { class: "service" }, nameOf(data.service)),
      element(
        "p",
        { class: "status quiet", role: "status", id: "status" },
        `as of ${UTC_TIMES.exact(data.now)}`,
      ),
    ),
    element("main", { id: "page" }, pageView(data, query, UTC_TIMES)),
    element(
      "footer",
      { class: "quiet" },
      element(
        "p",
        {},
        "otel-forecast · ",
        element("a", { href: "metrics" }, "metrics"),
        " · ",
        element("a", { href: "api/forecasts" }, "API"),
      ),
    ),
  );
}
