import { expect, it } from "vitest";
import { checkFile } from "../../src/commands/check.ts";
import { readConfiguration } from "../../src/config/configuration.ts";
import { settings } from "../../src/config/settings.ts";
import { VIEW_KEYS } from "../../src/config/view-schema.ts";
import { blocks, pageAt, pages, readme, rows, section } from "./pages.ts";

const shownSettings = new Map(rows(readme).map(([variable = "", ...cells]) => [variable, cells]));

it.for(Object.entries(settings))("the README's table has %s as it is", ([option, setting]) => {
  const [shownOption, shownDefault] = shownSettings.get(`\`${setting.variable}\``) ?? [];
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
  const shown = /^ {4}(forecast\.yaml:.*)$/m.exec(pageAt("docs/configuration.md").text)?.[1];
  const wrong = "views:\n  - instrument: shop.orders\n    number: speed\n";
  expect(() => readConfiguration("forecast.yaml", wrong)).toThrow(shown);
});

it("the keys of a view are those that are shown", () => {
  const keys = rows(section(pageAt("docs/configuration.md"), "Keys of a view")).flatMap(([cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, key = ""]) => key),
  );
  expect([...keys].sort()).toEqual([...VIEW_KEYS].sort());
});
