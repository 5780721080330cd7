/** Prints rows as a plain text table: the first column left-aligned, numbers right-aligned. */
export function printTable(title, columns, rows) {
  const cells = [columns, ...rows.map((row) => row.map(asText))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd();
  console.log(`\n${title}`);
  console.log(line(cells[0]));
  console.log(widths.map((width) => "-".repeat(width)).join("  "));
  for (const row of cells.slice(1)) console.log(line(row));
}

/** Prints rows as a table in Markdown, as it is in the documentation. */
export function printMarkdown(title, columns, rows) {
  console.log(`\n${title}\n\n${markdownOf(columns, rows)}`);
}

/** A table in Markdown: the first column left-aligned, numbers right-aligned. */
export function markdownOf(columns, rows) {
  const borders = columns.map((_, column) => (column === 0 ? "---" : "---:"));
  return [columns, borders, ...rows].map((row) => `| ${row.map(asText).join(" | ")} |`).join("\n");
}

/** At most three significant digits: these are measurements. */
function asText(cell) {
  if (cell === undefined) return "";
  if (typeof cell !== "number") return String(cell);
  if (!Number.isFinite(cell)) return "-";
  const size = Math.abs(cell);
  return size >= 100 ? cell.toFixed(0) : size >= 10 ? cell.toFixed(1) : cell.toFixed(2);
}

/** A number that was not measured, such as the size of what is. */
export function whole(number) {
  return number.toLocaleString("en-GB");
}
