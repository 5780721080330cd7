import { agentsView } from "./agents-view.ts";
import { alertsView } from "./alerts-view.ts";
import { detailView } from "./detail-view.ts";
import type { Headline, PageData } from "./page-data.ts";
import { linkTo, type PageQuery } from "./page-query.ts";
import { seriesView } from "./series-view.ts";
import { momentOf, sentenceOf, type TimeTexts } from "./texts.ts";
import type { ViewContext } from "./view-context.ts";
import { type Child, element, type ViewElement } from "./view-node.ts";

/** What each tone of the headline is called, beside its colour. */
const TONES: Readonly<Record<Headline["tone"], { readonly sign: string; readonly word: string }>> = {
  trouble: { sign: "▲", word: "Now" },
  ahead: { sign: "◆", word: "Ahead" },
  calm: { sign: "●", word: "Calm" },
  waiting: { sign: "○", word: "Waiting" },
};

/** The content of the page, in the order of a person's questions. */
export function pageView(data: PageData, query: PageQuery, times: TimeTexts): ViewElement[] {
  const context = { query, times, now: data.now };
  return [
    headlineView(data.headline, context),
    alertsView(data.alerts, context),
    agentsView(data, context),
    ...detailView(data.detail, context),
    seriesView(data, context),
  ];
}

function headlineView(
  { text, tone, at, series, recommendation }: Headline,
  context: ViewContext,
): ViewElement {
  const { sign, word } = TONES[tone];
  return element(
    "section",
    { id: "headline", class: `headline ${tone}`, "aria-labelledby": "headline-text" },
    element(
      "p",
      { class: "tone" },
      element("span", { "aria-hidden": "true" }, sign),
      ` ${word}`,
      at !== undefined && at > context.now && ([" · ", momentOf(at, context.now, context.times)] as Child),
    ),
    element("h1", { id: "headline-text" }, sentenceOf(text)),
    recommendation !== undefined && element("p", { class: "advice" }, sentenceOf(recommendation)),
    series !== undefined &&
      element(
        "p",
        {},
        element("a", { href: `${linkTo(context.query, { series })}#detail` }, "Show this series"),
      ),
  );
}
