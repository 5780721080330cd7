import { Session } from "node:inspector/promises";
import { fileURLToPath } from "node:url";

/** Counts the calls of every function of the source, as V8's precise coverage does. */
export class CallCounts {
  #session = new Session();

  async start() {
    this.#session.connect();
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  }

  /** Calls by file and function since the last time, of files under `build/src`. */
  async take() {
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    const counts = new Map();
    for (const { url, functions } of result) {
      const file = url.startsWith("file:") ? fileURLToPath(url).split("/build/src/")[1] : undefined;
      if (file === undefined) continue;
      for (const { functionName, ranges } of functions) {
        if (functionName === "" || ranges[0].count === 0) continue;
        const key = `${file.replace(/\.js$/, ".ts")} ${functionName} ${ranges[0].startOffset}`;
        counts.set(key, (counts.get(key) ?? 0) + ranges[0].count);
      }
    }
    return counts;
  }

  stop() {
    this.#session.disconnect();
  }
}

/** The files of which a function was called more often in `more` than in `less`, in the order of the first call. */
export function filesWithMoreCalls(more, less) {
  const grown = [...more].filter(([key, count]) => count > (less.get(key) ?? 0));
  return [...new Set(grown.map(([key]) => key.split(" ", 1)[0]))];
}
