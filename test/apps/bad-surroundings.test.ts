import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ShownSample, shownValue } from "../e2e/harness/exposition.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import { errorLines, type Life, type LifeOptions, live } from "./harness/life.ts";
import { CURRENT, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";

let installed: InstalledApp;
beforeAll(() => {
  installed = new InstalledApp("bad-surroundings");
  expect(installed.add(packed()).status).toBe(0);
});
afterAll(() => installed?.remove());

const METERS_UNKNOWN = expect.stringMatching(/meter provider .* its instruments are not observed$/);

/** Runs the app with and without the plugin. Both must behave the same. Returns our log lines. */
async function both(
  file: string,
  given: Partial<LifeOptions> = {},
  isTold: (samples: readonly ShownSample[]) => boolean = isMeasured,
): Promise<{ bare: Life; said: string[] }> {
  const how = { node: nodeOf(CURRENT), app: [file], ...given };
  const bare = await live(installed.folder, { ...how, withUs: false });
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);
  const said = errorLines(withUs).filter((line) => !line.startsWith("[info]"));
  return { bare, said };
}

function isMeasured(samples: readonly ShownSample[]): boolean {
  return shownValue([...samples], "ai_cloud_memory_usage_percent") !== undefined;
}

const hasUnits = (samples: readonly ShownSample[]): boolean =>
  shownValue([...samples], "app_units_total") === 3;

describe("an app runs as without us, and one line says what is not observed", () => {
  it("with two copies of the API, which are both observed", async () => {
    const isTold = (samples: readonly ShownSample[]): boolean =>
      hasUnits(samples) && shownValue([...samples], "library_units_total") === 4;
    const { said } = await both("two-apis.mjs", {}, isTold);
    expect(said).toEqual([]);
  });

  it("with providers that throw", async () => {
    const { bare, said } = await both("throwing-provider.mjs");
    expect(bare.stdout).toContain("counts Broken");
    expect(said).toEqual([
      METERS_UNKNOWN,
      expect.stringMatching(/tracer provider .* its spans are not observed$/),
    ]);
  });

  it("with an SDK of an unknown line", async () => {
    const { bare, said } = await both("unknown-line.mjs");
    expect(bare.stdout).toContain("3 app.work");
    expect(said).toEqual([METERS_UNKNOWN]);
  });

  it("with gRPC in its variables, which is not installed", async () => {
    const env = { OTEL_METRICS_EXPORTER: "prometheus,otlp", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
    const { said } = await both("plain.mjs", { env }, hasUnits);
    expect(said).toEqual([expect.stringMatching(/gRPC .* npm install @grpc\/grpc-js\); it pushes nothing$/)]);
  });

  it.each(["NODE_COMPILE_CACHE", "TMPDIR", "HOME", "XDG_CACHE_HOME"])(
    "where the folder of %s can't be written, or is missing",
    async (variable) => {
      const file = join(installed.folder, "a-file");
      writeFileSync(file, "");
      for (const folder of [join(file, "below"), join(installed.folder, `no-${variable}`, "below")]) {
        const { said } = await both("plain.mjs", { env: { [variable]: folder } }, hasUnits);
        expect(said).toEqual(
          variable === "TMPDIR"
            ? [expect.stringMatching(/child processes can't report to this process: E/)]
            : [],
        );
      }
    },
  );

  it("with a configuration file that names unknown parts", async () => {
    const file = join(installed.folder, "otel.yaml");
    writeFileSync(
      file,
      [
        'file_format: "1.0"',
        "tracer_provider:",
        "  processors:",
        "    - imaginary:",
        "        exporter: { nowhere: {} }",
        "meter_provider:",
        "  readers:",
        "    - periodic: { exporter: { imaginary: {} } }",
        "",
      ].join("\n"),
    );
    const { said } = await both("plain.mjs", { env: { OTEL_CONFIG_FILE: file } }, hasUnits);
    expect(said).toEqual([expect.stringMatching(/configuration, SDK will not be setup: .*imaginary/)]);
  });

  it.each([
    ["a small heap", ["--max-old-space-size=64"]],
    ["frozen built-in objects", ["--frozen-intrinsics"]],
    ["no __proto__", ["--disable-proto=throw"]],
    ["no code from text", ["--disallow-code-generation-from-strings"]],
    ["frozen prototypes", ["--import", "./frozen-prototypes.mjs"]],
    ["get and set on all objects", ["--import", "./methods-of-all-objects.mjs"]],
  ])("with %s", async (_, nodeArgs) => {
    const { bare } = await both("plain.mjs", { nodeArgs }, hasUnits);
    expect(bare.exit).toEqual({ code: 0, signal: null });
  });

  it("with clocks and timers of its own tests, which only the app uses", async () => {
    const sink = { OTEL_METRICS_EXPORTER: "prometheus,otlp", OTEL_METRIC_EXPORT_INTERVAL: "300" };
    const history = { OTEL_FORECAST_HISTORY: `file:${join(installed.folder, "own-time.history")}` };
    const { bare, said } = await both("own-time.mjs", { env: { ...sink, ...history } }, hasUnits);
    expect(bare.stdout).toBe("DONE\n{}\n");
    expect(said).toEqual([]);
  });

  it("with a Promise of its own, and without the globals that it does not use", async () => {
    const history = { OTEL_FORECAST_HISTORY: `file:${join(installed.folder, "own-globals.history")}` };
    const { said } = await both("own-globals.mjs", { env: history }, hasUnits);
    expect(said).toEqual([]);
  });

  it("with frozen prototypes, and a history file whose waits for the disk end early", async () => {
    const env = { OTEL_FORECAST_HISTORY: `file:${join(installed.folder, "frozen.history")}` };
    const nodeArgs = ["--import", "./frozen-prototypes.mjs"];
    const { bare } = await both("plain.mjs", { nodeArgs, env }, hasUnits);
    expect(bare.exit).toEqual({ code: 0, signal: null });
  });

  it.runIf(process.platform === "linux")("with few descriptors", async () => {
    const starter = ["-c", 'ulimit -n 40; exec "$0" "$@"', nodeOf(CURRENT)];
    const { bare } = await both("plain.mjs", { node: "/bin/sh", starter }, hasUnits);
    expect(bare.exit).toEqual({ code: 0, signal: null });
  });

  it.each(["--import", "--require"])(
    "where it calls the API with whatever there is, loaded by %s",
    async (flag) => {
      const nodeArgs = [flag, "otel-forecast/register"];
      const how = { node: nodeOf(CURRENT), app: ["hostile-calls.mjs"], nodeArgs, withUs: false };
      const isTold = (samples: readonly ShownSample[]): boolean =>
        shownValue([...samples], "app_good") === 3 && isMeasured(samples);
      const { exit, stdout, stderr } = await live(installed.folder, { ...how, isTold });
      expect({ exit, stdout }).toEqual({ exit: { code: 0, signal: null }, stdout: "{}\nDONE\n" });
      expect(stderr.match(/^\[(warn|error)\] /gm)?.length).toBeLessThan(300);
      expect(stderr).not.toMatch(/^\[(warn|error)\] (?!otel-forecast: )/m);
    },
  );
});
