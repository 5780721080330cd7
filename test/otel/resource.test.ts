import { spawnSync } from "node:child_process";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Environment } from "../../src/config/environment.ts";
import { detectedResource, detectedServiceName } from "../../src/otel/resource.ts";
import { packageRoot } from "../e2e/harness/child.ts";

const warn = vi.fn();

beforeEach(() => {
  const logger = { error() {}, warn, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  vi.clearAllMocks();
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  diag.disable();
});

async function attributes(): Promise<Record<string, unknown>> {
  const resource = detectedResource(new Environment());
  await resource.waitForAsyncAttributes?.();
  return resource.attributes;
}

describe("the resource", () => {
  it("contains no arguments, paths, owner or id of the machine", async () => {
    const found = await attributes();
    expect(Object.keys(found).toSorted()).toEqual([
      "host.arch",
      "host.name",
      "os.type",
      "os.version",
      "process.pid",
      "process.runtime.name",
      "process.runtime.version",
      "service.instance.id",
      "service.name",
      "telemetry.sdk.language",
      "telemetry.sdk.name",
      "telemetry.sdk.version",
    ]);
    expect(found["process.pid"]).toBe(process.pid);
  });

  it("contains a default service name without the path of the program", () => {
    const code = `import { detectedResource, detectedServiceName } from "./src/otel/resource.ts";
      import { Environment } from "./src/config/environment.ts";
      const none = new Environment({});
      console.log(detectedServiceName(none), detectedResource(none).attributes["service.name"]);`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
      argv0: "/usr/local/bin/node",
      cwd: packageRoot,
      encoding: "utf8",
    });
    expect(stdout).toBe("unknown_service:node unknown_service:node\n");
  });

  it("is whole but for the id of the instance where no id can be created", () => {
    const code = `import { detectedResource } from "./src/otel/resource.ts";
      import { Environment } from "./src/config/environment.ts";
      const staysAlive = setInterval(() => {}, 1000);
      const resource = detectedResource(new Environment({}));
      await resource.waitForAsyncAttributes();
      clearInterval(staysAlive);
      console.log(resource.attributes["service.name"], resource.attributes["service.instance.id"]);`;
    const { stdout } = spawnSync(
      process.execPath,
      ["--secure-heap=1024", "--input-type=module", "--eval", code],
      { argv0: "node", cwd: packageRoot, encoding: "utf8" },
    );
    expect(stdout).toBe("unknown_service:node undefined\n");
  });

  it("contains the name and attributes of the standard variables", async () => {
    vi.stubEnv("OTEL_SERVICE_NAME", "shop");
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test");
    expect(await attributes()).toMatchObject({
      "service.name": "shop",
      "deployment.environment.name": "test",
    });
  });

  it("leaves out the pairs that cannot be read, logs each once, and uses the others", async () => {
    const pairs = [
      "team=ops",
      "no equals",
      "=nobody",
      "bad=%zz",
      "a=b=c",
      "%zz=bad",
      " city = K%C3%B6ln ",
      "",
    ];
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", ["service.name=shop", ...pairs].join());
    const found = await attributes();
    expect(detectedServiceName(new Environment())).toBe("shop");
    expect(found).toMatchObject({ "service.name": "shop", team: "ops", city: "Köln" });
    expect(["no equals", "", "bad", "a", "%zz"].filter((key) => key in found)).toEqual([]);
    expect(warn.mock.calls.map(([line]) => line)).toEqual(
      [
        '"no equals" has no "="',
        '"=nobody" has no key',
        '"bad=%zz" cannot be percent-decoded',
        '"a=b=c" has more than one "=" (write %3D inside a value)',
        '"%zz=bad" cannot be percent-decoded',
      ].map((fault) => `otel-forecast: OTEL_RESOURCE_ATTRIBUTES: ${fault}; it is left out`),
    );
  });

  it("has the name of OTEL_SERVICE_NAME rather than that of the attributes", async () => {
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "service.name=attribute,broken");
    vi.stubEnv("OTEL_SERVICE_NAME", "shop");
    expect((await attributes())["service.name"]).toBe("shop");
  });

  it("logs nothing of variables that no detector reads", async () => {
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "broken");
    vi.stubEnv("OTEL_NODE_RESOURCE_DETECTORS", "host");
    await attributes();
    expect(warn).not.toHaveBeenCalled();
  });

  it("is that of the chosen detectors", async () => {
    vi.stubEnv("OTEL_NODE_RESOURCE_DETECTORS", "process, nonsense");
    const found = await attributes();
    expect(found["process.command_args"]).toEqual(expect.arrayContaining([process.argv[0]]));
    expect(found["host.name"]).toBeUndefined();
    expect(warn.mock.calls).toEqual([[expect.stringContaining('"nonsense" is not one of env, host')]]);
  });

  it("has no attributes of the process with the detector none", async () => {
    vi.stubEnv("OTEL_NODE_RESOURCE_DETECTORS", "none");
    expect((await attributes())["process.pid"]).toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
  });
});
