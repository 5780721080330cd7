import { Session } from "node:inspector/promises";

const SOURCE = new URL("../../src/", import.meta.url).href;

/** Counts the calls of every named function of `src`, by V8's precise coverage. */
export class CallCounts {
  #session = new Session();

  async start() {
    this.#session.connect();
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  }

  /** Calls since the last time, by file and function. */
  async take() {
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    const counts = new Map();
    for (const { url, functions } of result) {
      if (!url.startsWith(SOURCE)) continue;
      for (const { functionName, ranges } of functions) {
        if (functionName === "" || ranges[0].count === 0) continue;
        const key = `${url.slice(SOURCE.length)} ${functionName} ${ranges[0].startOffset}`;
        counts.set(key, (counts.get(key) ?? 0) + ranges[0].count);
      }
    }
    return counts;
  }

  stop() {
    this.#session.disconnect();
  }
}

/** The files with a function that was called more often in `more` than in `less`, in the order of the first call. */
export function filesWithMoreCalls(more, less) {
  const grown = [...more].filter(([key, count]) => count > (less.get(key) ?? 0));
  return [...new Set(grown.map(([key]) => key.split(" ", 1)[0]))];
}
