import { stringify } from "yaml";

/** A Prometheus alerting rule, with the keys of Prometheus. */
export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

/** A Prometheus recording rule, with the keys of Prometheus. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** A group of rules, which Prometheus evaluates in order. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (AlertingRule | RecordingRule)[];
}

/** The text of a rule file for Prometheus, with the header as a comment. */
export function ruleFileText(groups: readonly RuleGroup[], header: readonly string[]): string {
  const comment = header.map((line) => `# ${line}\n`).join("");
  return comment + stringify({ groups: groups.filter(({ rules }) => rules.length > 0) }, { lineWidth: 0 });
}
