import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const dist = join(root, "dist");

const NO_WARNING = /^$/;

function forecastBy(folder: string, method: string, warning = NO_WARNING): Record<string, unknown> {
  const values = Array.from({ length: 80 }, (_, index) => (index < 50 ? 3 + (index % 4) : 9 + (index % 3)));
  const input = JSON.stringify({ id: "a", step_seconds: 60, values, horizon: 20 });
  const args = [join(folder, "cli.cjs"), "forecast", "--method", method];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { input, encoding: "utf8" });
  expect(stderr).toMatch(warning);
  expect(status).toBe(0);
  const { ms, method: _, ...forecast } = JSON.parse(stdout) as Record<string, unknown>;
  expect(ms).toEqual(expect.any(Number));
  return forecast;
}

it("the package has learned weights, and forecasts as auto does when they are missing", () => {
  const byAuto = forecastBy(dist, "auto");
  expect(forecastBy(dist, "learned")).not.toEqual(byAuto);

  mkdirSync(join(root, ".cache"), { recursive: true });
  const copy = mkdtempSync(join(root, ".cache/dist-"));
  try {
    cpSync(dist, copy, { recursive: true });
    rmSync(join(copy, "gate.cjs"));
    const warning = /^otel-forecast: forecasts are made without learned weights: Cannot find module '.+'\n$/;
    expect(forecastBy(copy, "learned", warning)).toEqual(byAuto);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
