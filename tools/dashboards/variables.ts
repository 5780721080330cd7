import type { Dashboard, Variable } from "./dashboard.ts";
import type { PrometheusApi } from "./prometheus-api.ts";

/** A variable with what is chosen for it. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  /** What a person sees, and what stands in the queries. */
  readonly text: string;
  readonly value: string;
}

const NATURAL = new Intl.Collator("en", { numeric: true });

/**
 * What is chosen for each variable when a person opens the dashboard.
 *
 * @param wanted what the person chooses, by the name of the variable.
 */
export async function chosen(
  { templating }: Dashboard,
  api: PrometheusApi,
  wanted: Readonly<Record<string, string>>,
): Promise<Choice[]> {
  const choices: Choice[] = [];
  for (const variable of templating.list) {
    const { name, label = name } = variable;
    const all = variable.current?.value === "$__all" ? variable.allValue : undefined;
    const value = wanted[name] ?? all ?? (await firstOf(variable, choices, api));
    choices.push({
      name,
      label,
      value,
      text: wanted[name] === undefined && all !== undefined ? "All" : value,
    });
  }
  return choices;
}

/** The value that the dashboard names, or else the first one that there is. */
async function firstOf(variable: Variable, before: readonly Choice[], api: PrometheusApi): Promise<string> {
  if (variable.type === "datasource") return "Prometheus";
  const [, selector = "", label = ""] = /^label_values\((.*), (\w+)\)$/.exec(variable.definition ?? "") ?? [];
  if (label === "")
    throw new Error(`${variable.name} has the query ${variable.definition}, not label_values`);
  const values = (await api.labelValues(withValues(selector, valuesOf(before)), label)).sort(NATURAL.compare);
  const named = values.find((value) => value === variable.current?.value);
  return named ?? values[0] ?? "";
}

/** The values of queries by the names of their variables. */
export function valuesOf(choices: readonly Choice[]): Record<string, string> {
  return Object.fromEntries(choices.map(({ name, value }) => [name, value]));
}

/**
 * A text with the values of its variables.
 *
 * @throws Error if a variable has no value.
 */
export function withValues(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) => {
    const value = values[braced ?? plain ?? ""];
    if (value === undefined) throw new Error(`no value for the variable ${braced ?? plain} in ${text}`);
    return value;
  });
}
