import { readFileSync } from "node:fs";

/** CPU time of all threads (in microseconds) and of ended child processes (in ticks of Linux). */
export function cpuMillis() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + childrenMillis();
}

/** CPU time of the child processes that have ended; 0 where the system does not tell. */
export function childrenMillis() {
  if (process.platform !== "linux") return 0;
  // After the name in brackets: cutime and cstime are the 14th and 15th fields, in ticks of 10 ms.
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").slice(-1)[0].split(" ");
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
