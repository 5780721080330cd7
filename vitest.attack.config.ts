import { defineConfig } from "vitest/config";
import { BACKSTOP_MILLIS } from "./test/harness/patience.ts";

/** No part of an attack takes longer than all of it. */
const limit = 2 * BACKSTOP_MILLIS + 60_000 * Number(process.env.ATTACK_MINUTES ?? 3);

export default defineConfig({
  test: {
    include: [
      "test/attack/*.test.ts",
      // Properties that the usual tests try a few times.
      "test/api/hostile-calls.test.ts",
      "test/page/hostile-series.test.ts",
      "test/prometheus/serialize.properties.test.ts",
      "test/run/clock-steps.test.ts",
    ],
    setupFiles: "test/attack/harness/setup.ts",
    globalSetup: "test/harness/built-package.ts",
    testTimeout: limit,
    hookTimeout: limit,
    // Each part has its time for itself.
    fileParallelism: false,
  },
});
