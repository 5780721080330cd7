import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Command } from "commander";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { defineStatus } from "../../../src/commands/status/define.ts";

const LIST = { now: 0, series: 2, selected: 0, forecasts: [] };
const ALERTS = [{ name: "Full" }];

let server: Server;
let asked: string[];
/** The answer of the process to every question, if that is another one. */
let otherAnswer: string | undefined;

beforeEach(async () => {
  asked = [];
  otherAnswer = undefined;
  server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const answer = url.startsWith("/api/alerts") ? { alerts: ALERTS } : LIST;
    response.end(otherAnswer ?? JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  vi.restoreAllMocks();
  server.close();
});

/** Runs the command, and gives what it writes. */
async function status(...options: readonly string[]): Promise<string> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  defineStatus(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await program.parseAsync(["status", url, ...options], { from: "user" });
  const written = write.mock.calls.map(([text]) => String(text)).join("");
  write.mockRestore();
  return written;
}

it.each([
  [[], "limit=20"],
  [["--search", "disk full"], "limit=20&search=disk+full"],
  [["--match", '{job="a"}', "--limit", "1"], "limit=1&match=%7Bjob%3D%22a%22%7D"],
  [["--search", "a", "--match", "b", "--limit", "1000"], "limit=1000&match=b&search=a"],
])("with the options %j asks for %s", async (options, query) => {
  await status(...options);
  expect(asked).toEqual([`/api/forecasts?${query}`, "/api/alerts"]);
});

it("writes what the API answers as JSON, or as text", async () => {
  expect(JSON.parse(await status("--json"))).toEqual({ ...LIST, alerts: ALERTS });
  expect(await status()).not.toContain("{");
});

it.each(["0", "1001", "1.5", "-1", "x", ""])("refuses the limit %j", async (limit) => {
  await expect(status("--limit", limit)).rejects.toThrow("It must be a whole number from 1 to 1000.");
  expect(asked).toEqual([]);
});

it.each(["{}", '{"series":1,"selected":1,"forecasts":[null],"alerts":[]}', '{"forecasts":[{}],"alerts":5}'])(
  "names the process whose answer is none of the read API: %s",
  async (answer) => {
    otherAnswer = answer;
    await expect(status()).rejects.toThrow(
      /^http:\/\/127\.0\.0\.1:\d+ can't be asked for its forecasts: its answer is not that of the read API/,
    );
  },
);
