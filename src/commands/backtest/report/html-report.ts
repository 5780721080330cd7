import type { DrawnForecast } from "../drawn-forecasts.ts";
import type { BacktestReport, SeriesReport } from "../run-backtest.ts";
import type { MethodScore } from "../scores/method-scores.ts";
import { plot } from "./plot.ts";
import { ABOUT_ORIGINS, remarksOn, summaryOf } from "./remarks.ts";
import { COLUMNS, horizonsOf, scoreRows } from "./score-rows.ts";
import { shownHorizon, shownSteps, shownTime } from "./shown-times.ts";
import { STYLE } from "./style.ts";
import { ABOUT_CHANCE, verdictsOn } from "./verdict.ts";

/** The maximum number of series with pictures. The tables include all series. */
const MAX_PLOTTED = 20;
/** A picture shows this many times as much past as future. */
const PAST_PER_FUTURE = 3;

/**
 * The report as one HTML file without external resources: verdicts, tables, and pictures of
 * forecasts from several origins with what came.
 */
export function htmlReport(report: BacktestReport, source: string): string {
  const plotted = report.series.slice(0, MAX_PLOTTED);
  const left = report.series.length - plotted.length;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backtest of ${escaped(source)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Backtest of ${escaped(source)}</h1>
${paragraphs(
  verdictsOn(report).map(({ text }) => text),
  "verdict",
)}
<p class="note">${escaped(ABOUT_CHANCE)}</p>
<p>${escaped(summaryOf(report))}. ${escaped(ABOUT_ORIGINS)}</p>
${horizonsOf(report.overall)
  .map((steps) => table(report.overall, steps, `Horizon ${shownHorizon(report, steps)}`))
  .join("\n")}
<p class="note narrow">A wider screen shows more columns.</p>
<dl>${COLUMNS.slice(1)
    .map(
      ({ name, meaning, isExtra }) =>
        `<dt${extra(isExtra)}>${escaped(name)}</dt><dd${extra(isExtra)}>${escaped(meaning)}</dd>`,
    )
    .join("")}</dl>
${paragraphs(remarksOn(report), "note")}
<h2>Forecasts, and what came</h2>
<p class="legend"><span class="observed">before the origin</span> <span class="forecast">forecast</span> <span class="came">what came</span> <span class="band80">80 % interval</span> <span class="band95">95 % interval</span></p>
${plotted.map(seriesSection).join("\n")}
${left > 0 ? `<p class="note">${left} more series are in the tables and not drawn.</p>` : ""}
</body>
</html>
`;
}

function paragraphs(texts: readonly string[], kind: string): string {
  return texts.map((text) => `<p class="${kind}">${escaped(text)}</p>`).join("\n");
}

function table(scores: readonly MethodScore[], steps: number, title: string): string {
  const head = COLUMNS.map(
    ({ name, meaning, isExtra }) => `<th${extra(isExtra)} title="${escaped(meaning)}">${escaped(name)}</th>`,
  );
  const rows = scoreRows(scores, steps).map((cells) => {
    const kind = cells[0] === "auto" ? ' class="auto"' : "";
    return `<tr${kind}>${cells.map((cell, column) => `<td${extra(COLUMNS[column]?.isExtra)}>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  return `<h2>${escaped(title)}</h2>\n<div class="scroll"><table><thead><tr>${head.join("")}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
}

function extra(isExtra: boolean | undefined): string {
  return isExtra === true ? ' class="extra"' : "";
}

function seriesSection(report: SeriesReport): string {
  const { series } = report.plan;
  const byMethod = Map.groupBy(report.drawn, ({ method }) => method);
  const body =
    byMethod.size === 0
      ? '<p class="note">No forecast at any origin.</p>'
      : Array.from(byMethod, ([method, forecasts]) => pictures(report, method, forecasts)).join("\n");
  return `<section><h3>${escaped(series.id)} <small>every ${shownSteps(series, 1)}</small></h3>\n${body}\n</section>`;
}

function pictures(report: SeriesReport, method: string, forecasts: readonly DrawnForecast[]): string {
  const drawn = forecasts.map((forecast) => picture(report, forecast));
  return `<h4>${escaped(method)}</h4>\n<div class="pictures">\n${drawn.join("\n")}\n</div>`;
}

function picture({ plan }: SeriesReport, { method, chosen, origin, path }: DrawnForecast): string {
  const steps = path.mean.length;
  const first = Math.max(0, origin - Math.min(plan.window, Math.max(PAST_PER_FUTURE * steps, 60)));
  const drawing = plot({
    past: plan.series.values.slice(first, origin),
    actual: plan.series.values.slice(origin, origin + steps),
    path,
    label: (index) => shownTime(plan.series, first + index),
  });
  const number = plan.origins.indexOf(origin) + 1;
  const choice = chosen === method ? "" : `: ${chosen}`;
  const caption = `origin ${number} of ${plan.origins.length}, ${shownTime(plan.series, origin - 1)}${choice}`;
  return `<figure><figcaption>${escaped(caption)}</figcaption>\n${drawing}</figure>`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] as string);
}
