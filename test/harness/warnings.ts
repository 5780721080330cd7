import { diag } from "@opentelemetry/api";
import { afterEach, beforeEach } from "vitest";

/** What is logged as a warning during a test. Call it once in a file. */
export function warnings(): readonly string[] {
  const warned: string[] = [];
  const quiet = (): void => {};
  const warn = (line: string): void => void warned.push(line);
  beforeEach(() => {
    warned.length = 0;
    diag.setLogger({ error: quiet, warn, info: quiet, debug: quiet, verbose: quiet });
  });
  afterEach(() => diag.disable());
  return warned;
}
