import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** Runs once before the tests of the built package, which import `otel-forecast` from `dist/`. */
export function setup(): void {
  const built = resolve(import.meta.dirname, "../../dist/index.mjs");
  if (!existsSync(built)) {
    throw new Error("dist/ is missing, and these tests use the built package: run `npm run build` first.");
  }
}
