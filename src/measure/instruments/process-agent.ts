/**
 * Which agent the process is: the one that was named; else the only one that is known; else, before any is known, one
 * that bears the name of the service. When several agents share the process it is nobody's.
 */
export function agentOfProcess(
  named: string | undefined,
  serviceName: string,
  knownAgents: readonly string[],
): string | undefined {
  if (named !== undefined) return named;
  if (knownAgents.length === 0) return serviceName;
  if (knownAgents.length === 1) return knownAgents[0];
  return knownAgents.includes(serviceName) ? serviceName : undefined;
}
