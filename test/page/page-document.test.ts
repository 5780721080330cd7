import { expect, it } from "vitest";
import { documentOf } from "../../src/page/page-document.ts";
import type { PageData } from "../../src/page/view/page-data.ts";
import { parseQuery } from "../../src/page/view/page-query.ts";

const data: PageData = {
  now: Date.UTC(2026, 4, 17, 12, 5, 9),
  service: "a<b>",
  headline: { text: "There are no forecasts yet.", tone: "waiting" },
  alerts: [],
  agents: [],
  hasMoreAgents: false,
  list: { now: 0, series: 0, selected: 0, forecasts: [] },
};

it("is a document whose head names the files that make it live, around the content of the page", () => {
  const html = documentOf(data, parseQuery(""), { script: "page/a.js", style: "page/a.css" });
  const main = html.indexOf("<main");
  expect(html.slice(main)).toMatch(/^<main id="page"><section id="headline" .*<\/section><\/main><footer/);
  expect(
    `${html.slice(0, main)}${html.slice(html.indexOf("</main>"))}`.replaceAll("><", ">\n<"),
  ).toMatchSnapshot();
});
