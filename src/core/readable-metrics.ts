import { kindOf, shortTextOf } from "./text-of.ts";

interface Described {
  readonly descriptor: { readonly name: string; readonly unit: string; readonly description: string };
}

interface Scoped<Metric> {
  readonly scope: { readonly name: string; readonly version?: string };
  readonly metrics: Metric[];
}

/** The name of a metric is no text. The log shows the name of this class. */
class InvalidMetricName extends Error {
  override readonly name = "InvalidMetricName";
}

/**
 * The same metrics, but their names, units and descriptions are texts, as all readers expect. An
 * SDK takes anything of its application. A metric whose name is no text is left out, and is one of
 * the errors.
 */
export function readableMetrics<Metric extends Described, Scope extends Scoped<Metric>>(
  scopes: Scope[],
): { readonly scopes: Scope[]; readonly errors: readonly Error[] } {
  const errors: Error[] = [];
  const readable = scopes.map((given) => {
    const named = given.metrics.filter(({ descriptor: { name } }) => {
      if (typeof name !== "string")
        errors.push(new InvalidMetricName(`the name of a metric is no text: ${kindOf(name)}`));
      return typeof name === "string";
    });
    return { ...given, scope: readableScope(given.scope), metrics: named.map(withTexts) };
  });
  return { scopes: readable, errors };
}

function readableScope<Scope extends Scoped<unknown>["scope"]>(scope: Scope): Scope {
  const { name, version } = scope;
  if (typeof name === "string" && (version === undefined || typeof version === "string")) return scope;
  return {
    ...scope,
    name: shortTextOf(name),
    version: version === undefined ? version : shortTextOf(version),
  };
}

function withTexts<Metric extends Described>(metric: Metric): Metric {
  const { unit, description } = metric.descriptor;
  if (typeof unit === "string" && typeof description === "string") return metric;
  const text = (given: unknown): string => (typeof given === "string" ? given : "");
  return {
    ...metric,
    descriptor: { ...metric.descriptor, unit: text(unit), description: text(description) },
  };
}
