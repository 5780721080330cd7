import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runs } from "../harness/runs.ts";
import { anyText } from "./harness/any-text.ts";

const CLI = join(import.meta.dirname, "../../dist/cli.cjs");
/** Longer arguments are refused by the system, before the command sees them. */
const MOST_CHARACTERS = 50_000;
const BACKSTOP_MILLIS = 60_000;
const TABLE = ["time,host,cpu", ...Array.from({ length: 12 }, (_, at) => `${at * 60},a,${at % 5}`)].join(
  "\n",
);
const REQUEST = '{"id":"a","step_seconds":60,"values":[1,2,3,4,5,6],"horizon":3}\n';

/** The options of each command. A gateway that has begun would not end. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  forecast: ["--method"],
  backtest: [
    ...["--horizons", "--origins", "--window", "--method", "--bounds", "--season", "--time-zone", "--column"],
    ...["--id", "--decimal", "--query", "--start", "--end", "--step", "--timeout", "--json", "--html"],
  ],
  rules: ["--config", "--gateway", "--job", "--output", "--runbooks"],
  dashboard: ["--config", "--gateway", "--output"],
  check: ["--function", "--web"],
  "gateway --check": ["--config", "--insecure", "--print-prometheus"],
  status: ["--match", "--search", "--limit", "--json"],
  mcp: [],
  help: [],
};
const FLAGS = ["--json", "--gateway", "--web", "--insecure"];
const WORDS = [
  ...[
    "",
    "-",
    "--",
    "0",
    "-1",
    "1e9",
    "1e999",
    "NaN",
    "1.5",
    "1,2,3",
    "0,100",
    "100,0",
    "0,",
    ",",
    "auto",
    "naive",
  ],
  ...[
    "1m",
    "1h,1d",
    "99999999d",
    "UTC",
    "Mars/Phobos",
    ".",
    "2026-01-01",
    "2026-13-45T99:99:99Z",
    "__proto__",
  ],
  ...["http://127.0.0.1:1", "http://", "https://u:p@127.0.0.1:1", "ftp://x", "localhost:99999", "{}", "cpu"],
  ...['queue{job="a"}', 'a{b=~"("}', "\u202e", "a\nb", "%s", "/dev/full", "/dev/null", "/", "../missing"],
  ...["table.csv", "empty", "folder", "folder/new/x", "forecast.yaml", "gateway.yaml", "web.yml"],
];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-command-line-"));
  mkdirSync(join(folder, "folder"));
  const files = {
    "table.csv": TABLE,
    empty: "",
    "forecast.yaml": "thresholds: { ai_cloud_memory_usage_percent: { above: 90 } }\n",
    "gateway.yaml": "receivers: { otlp: { http: 127.0.0.1:0 } }\nthresholds: { depth: { above: 9 } }\n",
    "web.yml": "basic_auth_users: { a: b }\n",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const word = fc.oneof(
  { arbitrary: fc.constantFrom(...WORDS), weight: 6 },
  anyText(WORDS, ["=", ",", "{", '"', " ", "--"]).map((text) =>
    text.replaceAll("\0", "").slice(0, MOST_CHARACTERS),
  ),
);

/** Arguments with an option of the command, or with none. */
function optionOf(command: string): fc.Arbitrary<readonly string[]> {
  const options = COMMANDS[command] ?? [];
  const positional: fc.Arbitrary<readonly string[]> = word.map((one) => [one]);
  if (options.length === 0) return positional;
  const given = fc
    .constantFrom(...options)
    .chain(
      (option): fc.Arbitrary<readonly string[]> =>
        FLAGS.includes(option) ? fc.constant([option]) : word.map((value) => [option, value]),
    );
  return fc.oneof({ arbitrary: given, weight: 5 }, positional);
}

const commandLine = fc
  .constantFrom(...Object.keys(COMMANDS))
  .chain((command) =>
    fc
      .array(optionOf(command), { maxLength: 4 })
      .map((options) => [
        ...command.split(" "),
        ...(command === "backtest" ? ["table.csv"] : []),
        ...options.flat(),
      ]),
  );

it("command line", () => {
  fc.assert(
    fc.property(commandLine, fc.constantFrom("", REQUEST, "{}\n", "[1,2"), (args, input) => {
      const { status, signal, error, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
        input,
        encoding: "utf8",
        cwd: folder,
        timeout: BACKSTOP_MILLIS,
        maxBuffer: 2 ** 28,
        env: { PATH: process.env.PATH, HOME: folder },
      });
      expect({ error, signal }).toEqual({ error: undefined, signal: null });
      expect(status).toBeLessThanOrEqual(2);
      expect(stdout + stderr).not.toMatch(/\n\s+at .*:\d+|Warning:/);
      if (status !== 0) expect(stdout + stderr).not.toBe("");
    }),
    { numRuns: runs(100) },
  );
});
