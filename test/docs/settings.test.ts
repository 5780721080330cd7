import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { checkFile } from "../../src/commands/check.ts";
import { optionViews } from "../../src/config/check-options.ts";
import { readConfiguration } from "../../src/config/configuration.ts";
import { settings } from "../../src/config/settings.ts";
import { VIEW_KEYS } from "../../src/config/view-schema.ts";
import { blocks, pageAt, pages, readme, rows, sectionOf } from "./pages.ts";

const configuration = pageAt("docs/configuration.md");
const tables = [readme, configuration].flatMap((page) => {
  const shown = new Map(rows(page).map(([variable = "", ...cells]) => [variable, cells]));
  return Object.entries(settings).map(([option, setting]) => ({ path: page.path, shown, option, setting }));
});

it.for(tables)("the table of $path has $option as it is", ({ shown, option, setting }) => {
  const [shownOption, shownDefault] = shown.get(`\`${setting.variable}\``) ?? [];
  expect(shownOption).toBe(`\`${option}\``);
  const fallback = setting.fallback;
  // A default as a user would write it gives the default.
  if (shownDefault === "none") expect(fallback).toBeUndefined();
  else expect(setting.fromText(shownDefault ?? "")).toEqual(fallback);
});

/** Blocks that are a configuration of ours; what else is YAML belongs to Prometheus and its kin. */
const configurations = pages
  .flatMap((page) => blocks(page, "yaml").map((content) => ({ path: page.path, content })))
  .filter(({ content }) => /^(views|thresholds|horizons|method|alerts|actions|maintenance):/m.test(content));

it.for(configurations)("the configuration in $path is accepted", ({ path, content }) => {
  const { views, thresholds, alerting } = readConfiguration(path, content);
  expect(views.length + thresholds.size + Object.keys(alerting).length).toBeGreaterThan(0);
  const sources = { environment: {}, readFile: () => content, warn: (it: string) => expect.unreachable(it) };
  expect(checkFile(path, sources)).toMatchObject({ isRight: true });
});

it("the configuration that is shown as wrong is refused in the words that are shown", () => {
  const shown = /^ {4}(forecast\.yaml:.*)$/m.exec(configuration.text)?.[1];
  const wrong = "views:\n  - instrument: shop.orders\n    number: speed\n";
  expect(() => readConfiguration("forecast.yaml", wrong)).toThrow(shown);
});

it("the keys of a view are those that are shown", () => {
  expect(shownKeys("Keys of a view")).toEqual([...VIEW_KEYS].sort());
});

it("the keys of a view in code are those that are shown", () => {
  const source = readFileSync(resolve(import.meta.dirname, "../../src/views/forecast-view.ts"), "utf8");
  const keys = new Set([...source.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, key = ""]) => key));
  expect(keys).toContain("isForecast");
  expect(shownKeys("Views in code")).toEqual([...keys].sort());
});

it("the view in code that is shown is accepted", () => {
  const [block = ""] = blocks(configuration, "js");
  const [, view = ""] = /^const queue = (\{[\s\S]*?^\});$/m.exec(block) ?? [];
  expect(() => optionViews({ views: [runInNewContext(`(${view})`)] })).not.toThrow();
});

function shownKeys(heading: string): string[] {
  const keys = rows(sectionOf(configuration, heading)).flatMap(([cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, key = ""]) => key),
  );
  return [...new Set(keys)].sort();
}
