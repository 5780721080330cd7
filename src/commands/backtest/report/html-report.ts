import type { BacktestReport, SeriesReport } from "../run-backtest.ts";
import type { MethodScore } from "../scores/method-scores.ts";
import { plot } from "./plot.ts";
import { remarksOn, summaryOf } from "./remarks.ts";
import { COLUMNS, horizonsOf, scoreRows, shownSeconds } from "./score-rows.ts";
import { titleOf } from "./text-report.ts";

/** The maximum number of series with pictures. The tables include all series. */
const MAX_PLOTTED = 20;
/** A picture shows this many times as much past as future. */
const PAST_PER_FUTURE = 3;

/**
 * The report as one HTML file without external resources: tables, and pictures of the latest
 * forecasts.
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
<p>${escaped(summaryOf(report))}</p>
${horizonsOf(report.overall)
  .map((steps) => table(report.overall, steps, titleOf(report, steps)))
  .join("\n")}
<dl>${COLUMNS.slice(1)
    .map(({ name, meaning }) => `<dt>${escaped(name)}</dt><dd>${escaped(meaning)}</dd>`)
    .join("")}</dl>
${remarksOn(report)
  .map((remark) => `<p class="note">${escaped(remark)}</p>`)
  .join("\n")}
<h2>Latest forecasts</h2>
<p class="legend"><span class="observed">observed</span> <span class="forecast">forecast</span> <span class="band80">80 % interval</span> <span class="band95">95 % interval</span></p>
${plotted.map(seriesSection).join("\n")}
${left > 0 ? `<p class="note">${left} more series are in the tables and not drawn.</p>` : ""}
</body>
</html>
`;
}

function table(scores: readonly MethodScore[], steps: number, title: string): string {
  const head = COLUMNS.map(({ name, meaning }) => `<th title="${escaped(meaning)}">${escaped(name)}</th>`);
  const rows = scoreRows(scores, steps).map((cells) => {
    const kind = cells[0] === "auto" ? ' class="auto"' : "";
    return `<tr${kind}>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  return `<h2>${escaped(title)}</h2>\n<table><thead><tr>${head.join("")}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function seriesSection(report: SeriesReport): string {
  const { id, stepSeconds } = report.plan.series;
  const methods = drawnMethods(report.scores);
  const pictures = methods.map((method) => picture(report, method)).filter((it) => it !== "");
  const body =
    pictures.length > 0 ? pictures.join("\n") : '<p class="note">No forecast at the last origin.</p>';
  return `<section><h3>${escaped(id)} <small>every ${shownSeconds(stepSeconds)}</small></h3>\n${body}\n</section>`;
}

/** `auto`, and the best method at the longest horizon. */
function drawnMethods(scores: readonly MethodScore[]): string[] {
  const longest = horizonsOf(scores).at(-1);
  const best = longest === undefined ? undefined : scoreRows(scores, longest)[0]?.[0];
  const methods = scores.some(({ method }) => method === "auto") ? ["auto"] : [];
  return [...new Set([...methods, ...(best === undefined ? [] : [best])])];
}

function picture({ plan, latest }: SeriesReport, method: string): string {
  const result = latest.get(method);
  const origin = plan.origins.at(-1);
  if (result?.state !== "scored" || origin === undefined) return "";
  const steps = result.path.mean.length;
  const first = Math.max(0, origin - Math.min(plan.window, Math.max(PAST_PER_FUTURE * steps, 60)));
  const drawing = plot({
    past: plan.series.values.slice(first, origin),
    actual: plan.series.values.slice(origin, origin + steps),
    path: result.path,
    label: (index) => timeLabel(plan.series, first + index),
  });
  const chosen = result.chosen === method ? "" : ` <small>${escaped(result.chosen)}</small>`;
  return `<h4>${escaped(method)}${chosen}</h4>\n${drawing}`;
}

function timeLabel(series: SeriesReport["plan"]["series"], index: number): string {
  if (series.endMillis === undefined) return `step ${index}`;
  const back = (series.values.length - 1 - index) * series.stepSeconds * 1000;
  const text = new Date(Math.round(series.endMillis - back)).toISOString().replace("T", " ");
  return series.stepSeconds < 60 ? text.slice(0, 19) : text.slice(0, 16);
}

function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] as string);
}

/** The style of the HTML report, for light and dark themes. */
const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --dim: #6b7785; --line: #d9dfe5; --paper: #fff; --blue: #2563c9; --band80: #2563c944; --band95: #2563c91f; --observed: #1c2733; --mark: #fdf3d8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e8ee; --dim: #93a0ae; --line: #36414d; --paper: #151b22; --blue: #6ea3f5; --band80: #6ea3f555; --band95: #6ea3f528; --observed: #e3e8ee; --mark: #3a3420; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1000px; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.5em; overflow-wrap: anywhere; } h2 { font-size: 1.15em; margin: 1.6em 0 .4em; } h3 { margin: 1.6em 0 0; overflow-wrap: anywhere; } h4 { margin: .8em 0 0; font-weight: 600; }
small, .note { color: var(--dim); font-weight: 400; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25em .6em; text-align: right; border-bottom: 1px solid var(--line); } th:first-child, td:first-child { text-align: left; }
tr.auto td { background: var(--mark); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; color: var(--dim); font-size: .9em; } dd { margin: 0; }
svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--dim); }
svg path { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
svg .observed { stroke: var(--observed); } svg .forecast { stroke: var(--blue); stroke-width: 2.2; }
svg path.band80 { fill: var(--band80); } svg path.band95 { fill: var(--band95); }
svg .grid { stroke: var(--line); } svg .origin { stroke: var(--dim); stroke-dasharray: 4 4; }
.legend span { margin-right: 1.2em; } .legend span::before { content: ""; display: inline-block; width: 1.4em; height: .7em; margin-right: .4em; }
.legend .observed::before { background: var(--observed); height: 2px; vertical-align: middle; } .legend .forecast::before { background: var(--blue); height: 3px; vertical-align: middle; }
.legend .band80::before { background: var(--band80); } .legend .band95::before { background: var(--band95); }
`;
