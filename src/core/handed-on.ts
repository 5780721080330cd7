/** Variables that a process sets for the child processes that it starts. Nobody else sets them. */
export const HANDED_ON = {
  /** The socket at which a child process reports to its parent. */
  parent: "OTEL_FORECAST_PARENT",
  /** The files that the parent writes, so that child processes, which inherit it, do not. */
  historyHeld: "OTEL_FORECAST_HISTORY_HELD",
} as const;
