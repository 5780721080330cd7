import { AgentAtWork } from "../../../src/observe/work/current-agent.ts";
import type { FrameworkWork } from "../../../src/observe/work/framework-work.ts";
import type { WorkLog } from "../../../src/observe/work/work-log.ts";

/** A log of work, a clock, and reports of frameworks, which note each call of them in order. */
export function recorded() {
  const calls: unknown[][] = [];
  const clock = { now: 5000 };
  const noting = (prefix: string, gives: (name: string, args: unknown[]) => unknown) =>
    new Proxy(
      {},
      {
        get:
          (_, name: string) =>
          (...args: unknown[]) => {
            calls.push([`${prefix}${name}`, ...args.filter((arg) => typeof arg !== "function")]);
            return gives(name, args);
          },
      },
    );
  const log = noting("", (name) =>
    name === "openTask" ? (...how: unknown[]) => calls.push(["task", ...how]) : undefined,
  ) as unknown as WorkLog;
  const isInSpan = { value: false };
  const frameworkReports = noting("report ", (name, args) => {
    if (name === "wasAskedInSpan") return isInSpan.value;
    return () => calls.push([`closed ${name}`, ...args]);
  });
  return {
    log,
    frameworkReports: frameworkReports as never,
    isInSpan,
    clock,
    elapsedMillis: () => clock.now,
    /** What was called since this was asked last. */
    done: () => calls.splice(0),
  };
}

/** The work of frameworks, which notes what adapters do with it, in order. */
export function recordedWork() {
  const calls: unknown[][] = [];
  const clock = { now: 5000 };
  const noted = (...call: unknown[]) => void calls.push(call);
  const invocationOf = (agentName: string, onOver: () => void) => {
    let isOver = false;
    return new Proxy({} as Record<string, unknown>, {
      get: (own, name: string) => {
        if (name in own) return own[name];
        if (name === "agentName") return agentName;
        if (name === "isOver") return isOver;
        if (name === "atWork") return new AgentAtWork(agentName);
        return (...args: unknown[]) => {
          noted(name, ...args);
          if (name === "end" || name === "withdraw") {
            isOver = true;
            onOver();
          }
          if (name === "modelStarts" || name === "opensModel") return () => noted("model closes");
          if (name === "toolStarts") return (...how: unknown[]) => noted("tool ends", args[0], ...how);
          return undefined;
        };
      },
    });
  };
  const work = {
    defaultAgentName: "the-process",
    elapsedMillis: () => clock.now,
    currentAgents: { innermost: undefined as AgentAtWork | undefined, locateBy: () => () => {} },
    begin: (name: string | undefined, onOver = () => {}, spanName?: string) => {
      noted("begin", name, spanName);
      return invocationOf(name ?? "the-process", onOver);
    },
    /** Whether a framework has run a tool since it was asked to watch them. */
    hasToolRun: false,
    watchTools: () => () => work.hasToolRun,
    logOnce: (line: string) => noted("logged", line),
  };
  return {
    work: work as unknown as FrameworkWork & typeof work,
    clock,
    /** What was called since this was asked last. */
    done: () => calls.splice(0),
  };
}
