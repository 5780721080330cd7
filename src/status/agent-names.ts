import type { Labels, SeriesKey } from "../core/series-key.ts";

/** The name that each agent is shown by, by the name that its process gave it. */
export type AgentNames = ReadonlyMap<string, string>;

/**
 * The key that a series is shown by; `undefined` if it is not shown.
 *
 * @param agents `undefined`: all series are shown, by their own names.
 */
export function shownKey(key: SeriesKey, agents: AgentNames | undefined): SeriesKey | undefined {
  if (agents === undefined) return key;
  const labels = shownLabels(key.labels, agents);
  return labels === undefined ? undefined : { metric: key.metric, labels };
}

/** Labels with the name that their agent is shown by; `undefined` if it is not shown. */
export function shownLabels(labels: Labels, agents: AgentNames | undefined): Labels | undefined {
  if (agents === undefined) return labels;
  const agent = agents.get(labels.agent ?? "");
  return agent === undefined ? undefined : { ...labels, agent };
}

/** The name that the process itself gave an agent that is shown by this name. */
export function givenName(shown: string, agents: AgentNames | undefined): string | undefined {
  if (agents === undefined) return shown;
  return [...agents].find(([, name]) => name === shown)?.[0];
}
