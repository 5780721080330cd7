import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diag } from "@opentelemetry/api";
import { Command } from "commander";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { parse } from "yaml";
import { defineGateway } from "../../../src/commands/gateway/define.ts";

let printed = "";

beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => void vi.restoreAllMocks());

async function gateway(...args: readonly string[]): Promise<void> {
  const program = new Command();
  defineGateway(program);
  await program.parseAsync(["gateway", ...args], { from: "user" });
}

const printPrometheus = (...args: readonly string[]) => gateway("--print-prometheus", ...args);

it.each([
  { targets: [], expected: ["127.0.0.1:9464"] },
  { targets: ["gateway-0:9464"], expected: ["gateway-0:9464"] },
])("--print-prometheus $targets prints a scrape of $expected", async ({ targets, expected }) => {
  await printPrometheus(...targets);
  expect(parse(printed)).toMatchObject({ scrape_configs: [{ static_configs: [{ targets: expected }] }] });
});

it("--print-prometheus without targets asks for those of several members", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-define-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, "members: { count: 2, number: 0 }\n");
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  await printPrometheus("--config", file);
  expect(error.mock.calls).toEqual([[expect.stringContaining("name the 2 members")]]);
});

it("a variable of the log that has no effect is said, also if the gateway can't begin", async () => {
  vi.stubEnv("OTEL_LOG_LEVEL", "warning");
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => {
    vi.unstubAllEnvs();
    diag.disable();
  });
  await expect(gateway("--config", "missing.yaml")).rejects.toThrow("missing.yaml");
  expect(error.mock.calls).toEqual([[expect.stringContaining("OTEL_LOG_LEVEL must be one of")]]);
});
