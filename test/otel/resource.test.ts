import { spawnSync } from "node:child_process";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Environment } from "../../src/config/environment.ts";
import { detectedResource } from "../../src/otel/resource.ts";
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
  const resource = detectedResource(new Environment().resourceDetectors);
  await resource.waitForAsyncAttributes?.();
  return resource.attributes;
}

describe("what is told of a process", () => {
  it("holds no arguments, paths, owner or id of the machine", async () => {
    const told = await attributes();
    expect(Object.keys(told).toSorted()).toEqual([
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
    expect(told["process.pid"]).toBe(process.pid);
  });

  it("names a service that has no name by the program, however that was called", () => {
    const code = `import { detectedResource, detectedServiceName } from "./src/otel/resource.ts";
      console.log(detectedServiceName(), detectedResource(undefined).attributes["service.name"]);`;
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
      argv0: "/usr/local/bin/node",
      cwd: packageRoot,
      encoding: "utf8",
    });
    expect(stdout).toBe("unknown_service:node unknown_service:node\n");
  });

  it("holds what the variables of the specification say", async () => {
    vi.stubEnv("OTEL_SERVICE_NAME", "shop");
    vi.stubEnv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test");
    expect(await attributes()).toMatchObject({
      "service.name": "shop",
      "deployment.environment.name": "test",
    });
  });

  it("is what the detectors find that are asked for", async () => {
    vi.stubEnv("OTEL_NODE_RESOURCE_DETECTORS", "process, nonsense");
    const told = await attributes();
    expect(told["process.command_args"]).toEqual(expect.arrayContaining([process.argv[0]]));
    expect(told["host.name"]).toBeUndefined();
    expect(warn.mock.calls).toEqual([[expect.stringContaining('"nonsense" is not one of env, host')]]);
  });

  it("is nothing of the process where none are asked for", async () => {
    vi.stubEnv("OTEL_NODE_RESOURCE_DETECTORS", "none");
    expect((await attributes())["process.pid"]).toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
  });
});
