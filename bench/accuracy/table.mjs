const decimals = (value, digits) => value.toFixed(digits).replace(/^0\./, ".");
const list = (values, digits) => values.map((value) => decimals(value, digits)).join(" / ");

/** A row of figures as they are shown beside the peers'. */
export function shown(name, { mase, cells, quantileLoss, coverage80, coverage95, milliseconds }) {
  return {
    name: `**${name}**`,
    mase: decimals(mase, 3),
    long: list(cells.slice(0, 3), 3),
    short: list(cells.slice(3), 3),
    quantileLoss: decimals(quantileLoss, 3),
    coverage80: list(coverage80, 2),
    coverage95: list(coverage95, 2),
    milliseconds: decimals(milliseconds[0], 1),
  };
}

const columns = {
  name: "method",
  mase: "MASE",
  long: "history 1,000: h12 / h60 / h288",
  short: "history 240: h12 / h60 / h288",
  quantileLoss: "quantile loss",
  coverage80: "80 % interval holds",
  coverage95: "95 % interval holds",
  milliseconds: "ms (1,000)",
};

/** Rows as a Markdown table. */
export function table(rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const keys = Object.keys(columns);
  return [
    line(Object.values(columns)),
    line(keys.map(() => "---")),
    ...rows.map((row) => line(keys.map((key) => row[key]))),
  ].join("\n");
}

/** Error relative to naive by source, a column each. */
export function sourceTable(methods) {
  const sources = methods[0].figures.bySource.map(({ source }) => source);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(["MASE by source", ...sources]),
    line(["---", ...sources.map(() => "---")]),
    ...methods.map(({ name, figures }) =>
      line([name, ...figures.bySource.map(({ mase }) => decimals(mase, 3))]),
    ),
  ].join("\n");
}
