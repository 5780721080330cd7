import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BACKSTOP_MILLIS } from "./test/harness/patience.ts";

/** Tests of the built package: they start programs that import `otel-forecast`, which is `dist/`. */
const ofPackage = [
  "test/examples/**/*.test.ts",
  "test/bench/run.test.ts",
  "test/bench/soak.test.ts",
  "test/commands/mcp/package.test.ts",
  "test/docs/command-line.test.ts",
  "test/docs/tutorial.test.ts",
  "test/docs/which-alerts.test.ts",
  "test/weights/package.test.ts",
];
/** Longer than a wait within a test, which fails with what it waited for. */
const limits = { testTimeout: 2 * BACKSTOP_MILLIS, hookTimeout: 2 * BACKSTOP_MILLIS };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "source",
          // By default one processor is left to others: on a machine with two, that is half of it.
          maxWorkers: availableParallelism(),
          include: ["test/**/*.test.ts"],
          exclude: [...ofPackage, "test/apps/**", "test/attack/**", "test/e2e/**"],
          ...limits,
          // A test without an assertion cannot fail. Not below: tests that run at the same time share
          // the count of assertions.
          expect: { requireAssertions: true },
        },
      },
      {
        test: {
          name: "package",
          include: ofPackage,
          // After the others: what the tutorial and the benchmarks show needs a processor for itself.
          maxWorkers: Math.max(1, availableParallelism() - 1),
          sequence: { groupOrder: 1 },
          globalSetup: "test/harness/built-package.ts",
          ...limits,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["src/**"],
      // It runs in a browser: test/e2e/page.test.ts.
      exclude: ["src/page/browser/**"],
      reporter: ["text-summary", "html"],
      // What the unit tests reach in their own process; programs that they start are not counted.
      thresholds: { statements: 93, branches: 88.5, functions: 92, lines: 93.5 },
    },
  },
});
