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
