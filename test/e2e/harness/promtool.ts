import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { AlertingRule, RuleGroup } from "../../../src/artifacts/rules/rule-file.ts";
import { pathOf, promtool } from "./components.ts";

export interface Verdict {
  readonly status: number | null;
  readonly said: string;
}

/**
 * A series with its values since the start, in promtool's notation: `1+2x10`, `_` for none,
 * `stale`.
 */
export interface InputSeries {
  readonly series: string;
  readonly values: string;
}

/** The alerts that must fire at a time after the start. */
export interface ExpectedAlerts {
  readonly at: string;
  readonly alerts: readonly Readonly<Record<string, string>>[];
  readonly description?: string;
}

/**
 * The expected result of a query at a time after the start. Labels are in promtool's notation:
 * `name{label="value"}`.
 */
export interface ExpectedSamples {
  readonly expr: string;
  readonly at: string;
  readonly samples: Readonly<Record<string, number>>;
}

/** A test case: the series, and the expected alerts or results of queries. */
export interface TimeLine {
  readonly name: string;
  readonly input: readonly InputSeries[];
  readonly alertname?: string;
  readonly expected?: readonly ExpectedAlerts[];
  readonly queries?: readonly ExpectedSamples[];
}

/** Runs `promtool check rules` on a rule file. Warnings about style fail too. */
export function checkRules(text: string): Verdict {
  return inFolder((folder) => {
    writeFileSync(join(folder, "rules.yml"), text);
    return run(["check", "rules", "--lint=all", "--lint-fatal", join(folder, "rules.yml")]);
  });
}

/** Runs `promtool check config` on a configuration of Prometheus. */
export function checkConfig(text: string): Verdict {
  return inFolder((folder) => {
    writeFileSync(join(folder, "prometheus.yml"), text);
    return run(["check", "config", join(folder, "prometheus.yml")]);
  });
}

/**
 * The rules with the description as their only annotation: promtool compares all annotations or
 * none.
 */
export function withDescriptionsAlone(groups: readonly RuleGroup[]): RuleGroup[] {
  return groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => {
      if (!("alert" in rule)) return rule;
      const annotations = { description: rule.annotations.description } as AlertingRule["annotations"];
      return { ...rule, annotations };
    }),
  }));
}

/**
 * Runs `promtool test rules` on samples every 10 s, with an evaluation every 10 s. Alerts that no time
 * line names are left out: promtool would evaluate them all at each step. Annotations are compared
 * only if a description is expected: promtool compares all annotations or none.
 */
export function testRules(
  groups: readonly RuleGroup[],
  timeLines: readonly TimeLine[],
  options: { keepAnnotations?: boolean } = {},
): Verdict {
  return inFolder((folder) => {
    const tested = withAlerts(groups, new Set(timeLines.map(({ alertname }) => alertname)));
    const rules = options.keepAnnotations === true ? tested : tested.map(withoutAnnotations);
    writeFileSync(join(folder, "rules.yml"), stringify({ groups: rules }));
    const tests = timeLines.map(({ name, alertname, input, expected = [], queries = [] }) => ({
      name,
      interval: "10s",
      input_series: input,
      alert_rule_test: expected.map(({ at, alerts, description }) => ({
        eval_time: at,
        alertname,
        exp_alerts: alerts.map((labels) => ({
          exp_labels: labels,
          ...(description === undefined ? {} : { exp_annotations: { description } }),
        })),
      })),
      promql_expr_test: queries.map(({ expr, at, samples }) => ({
        expr,
        eval_time: at,
        exp_samples: Object.entries(samples).map(([labels, value]) => ({ labels, value })),
      })),
    }));
    const file = { rule_files: ["rules.yml"], evaluation_interval: "10s", tests };
    writeFileSync(join(folder, "tests.yml"), JSON.stringify(file));
    return run(["test", "rules", join(folder, "tests.yml")]);
  });
}

/** All recording rules, and the alerts with these names. */
function withAlerts(groups: readonly RuleGroup[], names: ReadonlySet<string | undefined>): RuleGroup[] {
  return groups
    .map((group) => ({
      ...group,
      rules: group.rules.filter((rule) => !("alert" in rule) || names.has(rule.alert)),
    }))
    .filter(({ rules }) => rules.length > 0);
}

function withoutAnnotations(group: RuleGroup): object {
  return { ...group, rules: group.rules.map((rule) => ("alert" in rule ? bare(rule) : rule)) };
}

function bare({ annotations: _, ...rule }: AlertingRule): object {
  return rule;
}

function run(args: readonly string[]): Verdict {
  const { status, stdout, stderr } = spawnSync(pathOf(promtool), args, { encoding: "utf8" });
  return { status, said: stdout + stderr };
}

function inFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-promtool-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
