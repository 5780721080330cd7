import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

it("what a browser loads has less than 40 kB, compressed", () => {
  const tool = resolve(import.meta.dirname, "../../tools/package/page-size.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^page: \d{5} bytes compressed/);
  expect(status).toBe(0);
});
