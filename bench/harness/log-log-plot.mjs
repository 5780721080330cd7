const WIDTH = 720;
const PANEL = { left: 78, right: 24, top: 40, height: 190, bottom: 46 };
const TOP = 34;
/** The steps of an axis within a factor of ten. */
const STEPS = [1, 2, 5];

/** Two sets of colours: the reader of a picture decides by a preference of the system. */
const STYLE = `
  .back { fill: #ffffff } .text { fill: #1f2328; font: 12px sans-serif } .head { font-weight: bold }
  .grid { stroke: #d8dee4 } .line { fill: none; stroke-width: 2 }
  .stroke0 { stroke: #0969da } .fill0 { fill: #0969da } .stroke1 { stroke: #bc4c00 } .fill1 { fill: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117 } .text { fill: #e6edf3 } .grid { stroke: #30363d }
    .stroke0 { stroke: #58a6ff } .fill0 { fill: #58a6ff } .stroke1 { stroke: #f0883e } .fill1 { fill: #f0883e }
  }`;

/**
 * A picture (SVG) with panels below each other, both axes logarithmic.
 *
 * @param plot `title`; `x`, the label of the shared axis and its values; `panels` with a label and lines, each with
 * a name and one value above 0 for each value of `x`. A panel has at most two lines.
 */
export function logLogPlot({ title, x, panels }) {
  const height = TOP + panels.length * (PANEL.top + PANEL.height + PANEL.bottom);
  const across = axisOf(x.values, PANEL.left, WIDTH - PANEL.right);
  const drawn = panels.map((panel, index) => {
    const top = TOP + index * (PANEL.top + PANEL.height + PANEL.bottom) + PANEL.top;
    return drawPanel(panel, x, across, top);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" width="${WIDTH}" height="${height}"/>`,
    text(PANEL.left, 26, title, "start", "text head"),
    ...drawn.flat(),
    "</svg>\n",
  ].join("\n");
}

function drawPanel({ label, lines }, x, across, top) {
  const bottom = top + PANEL.height;
  const up = axisOf(
    lines.flatMap(({ values }) => values),
    bottom,
    top,
  );
  const right = WIDTH - PANEL.right;
  return [
    text(PANEL.left, top - 12, label, "start", "text"),
    ...up.ticks.flatMap(({ at, value }) => [
      line(PANEL.left, at, right, at),
      text(PANEL.left - 8, at + 4, shown(value), "end", "text"),
    ]),
    ...across.ticks
      .filter(({ value }) => Math.log10(value) % 1 === 0)
      .flatMap(({ at, value }) => [
        line(at, top, at, bottom),
        text(at, bottom + 18, shown(value), "middle", "text"),
      ]),
    text((PANEL.left + right) / 2, bottom + 36, x.label, "middle", "text"),
    ...lines.flatMap((drawn, index) => drawLine(drawn, index, x.values, across, up)),
    ...(lines.length > 1 ? lines.map(({ name }, index) => legend(name, index, right, top)) : []),
  ];
}

function drawLine({ values }, index, xs, across, up) {
  const points = values.map((value, at) => [across.place(xs[at]), up.place(value)].map(rounded));
  return [
    `<polyline class="line stroke${index}" points="${points.map((point) => point.join()).join(" ")}"/>`,
    ...points.map(([cx, cy]) => `<circle class="fill${index}" cx="${cx}" cy="${cy}" r="3.5"/>`),
  ];
}

function legend(name, index, right, top) {
  const at = top - 16 - 16 * index;
  return [
    `<circle class="fill${index}" cx="${right - 4}" cy="${at}" r="4"/>`,
    text(right - 14, at + 4, name, "end", "text"),
  ].join("\n");
}

/** A logarithmic axis from the step below all values to the step above. */
function axisOf(values, from, to) {
  const least = stepBelow(Math.min(...values));
  const most = stepAbove(Math.max(...values));
  const [low, high] = [Math.log10(least), Math.log10(most > least ? most : least * 10)];
  const place = (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
  const ticks = stepsBetween(low, high).map((value) => ({ value, at: rounded(place(value)) }));
  return { place, ticks };
}

function stepBelow(value) {
  return stepsAround(value).findLast((step) => step <= value) ?? value;
}

function stepAbove(value) {
  return stepsAround(value).find((step) => step >= value) ?? value;
}

function stepsAround(value) {
  const decade = Math.floor(Math.log10(value));
  return [...STEPS, 10].map((step) => step * 10 ** decade);
}

function stepsBetween(low, high) {
  const steps = [];
  for (let decade = Math.floor(low); decade <= Math.ceil(high); decade += 1)
    for (const step of STEPS) steps.push(step * 10 ** decade);
  const isInside = (step) => Math.log10(step) >= low - 1e-9 && Math.log10(step) <= high + 1e-9;
  return steps.filter(isInside);
}

function line(x1, y1, x2, y2) {
  return `<line class="grid" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

function text(x, y, content, anchor, style) {
  return `<text class="${style}" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function shown(value) {
  return value >= 1 ? Math.round(value).toLocaleString("en-GB") : String(Number(value.toPrecision(1)));
}

function rounded(at) {
  return Math.round(at * 10) / 10;
}

function escaped(content) {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
