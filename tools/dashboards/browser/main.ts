import uPlot from "uplot";
import type { DrawnDashboard, DrawnFigure, DrawnLine, DrawnPanel, DrawnTable } from "../drawn.ts";
import { isEmpty } from "../drawn.ts";
import { chartOf } from "./chart.ts";

const data = document.querySelector("#data")?.textContent ?? "";
draw(JSON.parse(data) as DrawnDashboard);

function draw({ title, variables, panels }: DrawnDashboard): void {
  const top = element("header", "");
  top.append(element("h1", title));
  for (const { label, text } of variables) {
    const choice = element("span", "", "choice");
    choice.append(element("b", label), element("span", text));
    top.append(choice);
  }
  const grid = element("main", "");
  document.body.append(top, grid);
  for (const panel of panels) grid.append(placed(panel));
  // The charts need their size, which they have once they are in the page.
  for (const [index, panel] of panels.entries()) fill(grid.children[index] as HTMLElement, panel);
}

function placed({ title, description, place, content }: DrawnPanel): HTMLElement {
  const { x, y, w, h } = place;
  const box = element("section", "", content.kind);
  box.style.gridArea = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
  const heading = element("h2", title);
  if (description !== "") heading.append(element("i", "i"));
  heading.title = description;
  box.append(heading);
  return box;
}

function fill(box: HTMLElement, panel: DrawnPanel): void {
  const { content } = panel;
  if (isEmpty(panel)) {
    box.append(element("p", "No data", "empty"));
    return;
  }
  switch (content.kind) {
    case "row":
      return;
    case "figure":
      box.append(figures(content));
      return;
    case "table":
      box.append(table(content));
      return;
    case "lines": {
      const space = element("div", "", "chart");
      const both = element("div", "", content.hasLegendBeside ? "both beside" : "both");
      both.append(space, legend(content.lines));
      box.append(both);
      new uPlot(...chartOf(content, space), space);
    }
  }
}

function figures({ figures: all }: DrawnFigure): HTMLElement {
  const space = element("div", "", "figures");
  for (const { text, color } of all) {
    const figure = element("strong", text);
    figure.style.color = color;
    space.append(figure);
  }
  return space;
}

function table({ columns, rows }: DrawnTable): HTMLElement {
  const whole = element("table", "");
  const rowOf = (cells: readonly string[], name: "th" | "td"): HTMLElement => {
    const row = element("tr", "");
    row.append(...cells.map((cell) => element(name, cell)));
    return row;
  };
  whole.append(rowOf(columns, "th"), ...rows.map((row) => rowOf(row, "td")));
  const space = element("div", "", "cells");
  space.append(whole);
  return space;
}

function legend(lines: readonly DrawnLine[]): HTMLElement {
  const list = element("ul", "");
  for (const { name, color, dash, isInLegend } of lines) {
    if (!isInLegend) continue;
    const item = element("li", name);
    const sample = element("i", "");
    sample.style.borderTop = `3px ${dash.length > 0 ? "dashed" : "solid"} ${color}`;
    item.prepend(sample);
    list.append(item);
  }
  return list;
}

function element(name: string, text: string, kind = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind !== "") made.className = kind;
  return made;
}
