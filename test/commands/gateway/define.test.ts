import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

async function printPrometheus(...args: readonly string[]): Promise<void> {
  const program = new Command();
  defineGateway(program);
  await program.parseAsync(["gateway", "--print-prometheus", ...args], { from: "user" });
}

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
