import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    // Prints why a test was skipped: which component is missing, and how to get it.
    reporters: ["verbose"],
  },
});
