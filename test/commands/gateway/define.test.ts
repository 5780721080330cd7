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
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  diag.disable();
});

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

/** A configuration file with this content. */
function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-define-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "gateway.yaml");
  writeFileSync(file, content);
  return file;
}

/** What is written to standard error or, by `log`, to standard output. The exit code is as before afterwards. */
function written(to: "error" | "log" = "error") {
  const { exitCode } = process;
  onTestFinished(() => {
    process.exitCode = exitCode;
  });
  return vi.spyOn(console, to).mockImplementation(() => {});
}

const WRONG = "members: { count: none }\n";
const EXPOSED = "outputs: { prometheus: { address: '0.0.0.0:0' } }\n";

it("--print-prometheus without targets asks for those of several members", async () => {
  const error = written();
  await printPrometheus("--config", fileWith("members: { count: 2, number: 0 }\n"));
  expect(error.mock.calls).toEqual([[expect.stringContaining("name the 2 members")]]);
});

it.each(["--print-prometheus", "--check"])("%s says what is wrong in the file, and fails", async (option) => {
  const error = written();
  await gateway("--config", fileWith(WRONG), option);
  expect(error.mock.calls).toEqual([[expect.stringMatching(/gateway\.yaml:1: "members\.count"/)]]);
  expect([printed, process.exitCode]).toEqual(["", 1]);
});

it("--check says what the gateway would do, and ends without an error", async () => {
  const [error, log] = [written(), written("log")];
  const { exitCode } = process;
  await gateway("--config", fileWith("members: { count: 2, number: 0 }\n"), "--check");
  expect(log.mock.calls.flat().join("\n")).toContain("gateway.yaml: 0 views");
  expect([error.mock.calls, process.exitCode]).toEqual([[], exitCode]);
});

it("does not begin with a port that other machines can reach, unless it is told to", async () => {
  await expect(gateway("--config", fileWith(EXPOSED))).rejects.toThrow("can be reached by other machines");
});

it("a variable of the log that has no effect is said, also if the gateway can't begin", async () => {
  vi.stubEnv("OTEL_LOG_LEVEL", "warning");
  const error = written();
  await expect(gateway("--config", "missing.yaml")).rejects.toThrow("missing.yaml");
  expect(error.mock.calls).toEqual([[expect.stringContaining("OTEL_LOG_LEVEL must be one of")]]);
});
