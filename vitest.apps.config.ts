import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/apps/*.test.ts"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    maxConcurrency: 2,
    reporters: ["verbose"],
  },
});
