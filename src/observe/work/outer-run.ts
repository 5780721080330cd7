import type { FrameworkWork } from "./framework-work.ts";
import type { Invocation } from "./invocation.ts";

/**
 * Begins the task of an agent that others reach by a protocol. What works behind the protocol may be an
 * agent of a framework: if that has the same name, its runs are the tasks, and this one is withdrawn.
 *
 * @param onAgentInside called when an agent of a framework begins to run inside.
 */
export function beginOuterRun(
  work: FrameworkWork,
  agentName: string | undefined,
  onOver = (): void => {},
  onAgentInside = (): void => {},
): Invocation {
  const invocation = work.begin(agentName, onOver, "");
  invocation.beganInside = (name) => {
    onAgentInside();
    if (name === invocation.agentName) invocation.withdraw();
  };
  return invocation;
}
