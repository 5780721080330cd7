import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, it, type TestContext } from "vitest";
import { Child, packageRoot } from "../e2e/harness/child.ts";
import { freePort } from "../e2e/harness/free-ports.ts";
import { atWork } from "./at-work.ts";

const langGraph = "langgraph-agent/agent.mjs";
const mcp = "mcp-server/server.mjs";
const langChainClass = [
  'import { CallbackManager } from "@langchain/core/callbacks/manager";',
  'import { observeClass } from "otel-forecast";',
  'observeClass("langchain", CallbackManager);',
];
const mcpClass = [
  'import { Protocol } from "@modelcontextprotocol/sdk/shared/protocol.js";',
  'import { observeClass } from "otel-forecast";',
  'observeClass("mcp", Protocol);',
];

interface Bundle {
  readonly file: string;
  readonly external?: readonly RegExp[];
  readonly before?: readonly string[];
}

/** Bundles an example into one file, with everything that it imports but what is named, and runs that. */
async function bundled(
  context: TestContext,
  format: "esm" | "cjs",
  { file, external = [], before = [] }: Bundle,
) {
  // Within the package, so that what is left out of the bundle is found.
  mkdirSync(join(packageRoot, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(packageRoot, ".cache/bundle-"));
  const [entry, app] = [join(folder, "entry.mjs"), join(folder, format === "esm" ? "app.mjs" : "app.cjs")];
  const example = pathToFileURL(join(packageRoot, "examples", file)).pathname;
  writeFileSync(entry, [...before, `import ${JSON.stringify(example)};`].join("\n"));
  // The bundler that the test runner comes with.
  const rolldown = createRequire(createRequire(import.meta.resolve("vitest")).resolve("vite")).resolve(
    "rolldown",
  );
  const { build } = await import(pathToFileURL(rolldown).href);
  const output = { file: app, format, codeSplitting: false };
  // The package says of itself that importing its modules does nothing; importing its examples does.
  const treeshake = { moduleSideEffects: [{ test: /\/(examples|bundle-)/, sideEffects: true }] };
  await build({ input: entry, platform: "node", external, treeshake, output, logLevel: "silent" });
  const port = await freePort();
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: String(port), OTEL_FORECAST_COLLECTION_INTERVAL: "300" };
  const child = new Child(app, process.execPath, ["--import", "otel-forecast/register", app], { env });
  context.onTestFinished(async () => {
    await child.stop();
    rmSync(folder, { recursive: true });
  });
  return { shows: (agent: string) => atWork(child, port, [agent]) };
}

describe.for(["esm", "cjs"] as const)("an agent in one file with the app, as %s", (format) => {
  it.for([
    ["of the AI SDK", "forecaster", { file: "ai-sdk-agent/agent.mjs" }],
    ["of OpenAI Agents", "forecaster", { file: "openai-agents-agent/agent.mjs" }],
    [
      "of LangGraph, where LangChain's core is left out",
      "forecaster",
      { file: langGraph, external: [/^@langchain\/core(\/|$)/] },
    ],
    ["of LangGraph, whose class is handed over", "forecaster", { file: langGraph, before: langChainClass }],
    ["of MCP, where the SDK is left out", "station", { file: mcp, external: [/^@modelcontextprotocol\//] }],
    ["of MCP, whose class is handed over", "station", { file: mcp, before: mcpClass }],
  ] as const)("%s is seen", async ([, agent, bundle], context) => {
    const { shows } = await bundled(context, format, bundle);
    await shows(agent);
  });
});
