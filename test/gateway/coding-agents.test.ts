import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Attributes } from "@opentelemetry/api";
import { OTLPMetricExporter as GrpcExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { AggregationTemporalityPreference } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as HttpExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Gateway } from "../../src/gateway/gateway.ts";
import { realSurroundings } from "../../src/measure/surroundings.ts";
import { type Shown, shownBy } from "../run/harness.ts";

const example = readFileSync(
  resolve(import.meta.dirname, "../../examples/coding-agents/gateway.yaml"),
  "utf8",
);
const NEVER = 2 ** 30;
let gateway: Gateway;
let folder: string;

/** The example, on free ports and with a folder of its own. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-coding-agents-"));
  const content = `${example.replace(/:431[78]"/g, ':0"').replace("./state", folder)}
outputs: { prometheus: { address: "127.0.0.1:0" } }`;
  gateway = new Gateway({
    path: "gateway.yaml",
    sources: { environment: {}, readFile: () => content, warn: (line) => expect.unreachable(line) },
    surroundings: realSurroundings(),
  });
  await gateway.start();
});
afterEach(async () => {
  await gateway.shutdown();
  rmSync(folder, { recursive: true, force: true });
});

/** A session of an agent, which pushes what was used since its last push. */
function session(resource: Attributes, protocol: "http" | "grpc"): MeterProvider {
  const temporalityPreference = AggregationTemporalityPreference.DELTA;
  const port = gateway.ports.get(`otlp_${protocol}`);
  const exporter =
    protocol === "grpc"
      ? new GrpcExporter({ url: `http://127.0.0.1:${port}`, temporalityPreference })
      : new HttpExporter({ url: `http://127.0.0.1:${port}/v1/metrics`, temporalityPreference });
  return new MeterProvider({
    resource: resourceFromAttributes(resource),
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: NEVER })],
  });
}

async function shown(metric: string): Promise<Shown[]> {
  await gateway.collect();
  return (await shownBy(gateway.producer)).get(metric) ?? [];
}

it("adds up the cost of all sessions of Claude Code, by user and model, push by push", async () => {
  const agents = ["1", "2"].map((id) => {
    const provider = session({ "service.name": "claude-code" }, "grpc");
    const cost = provider.getMeter("com.anthropic.claude_code").createCounter("claude_code.cost.usage", {
      unit: "USD",
    });
    return {
      provider,
      spend: (usd: number, model: string) =>
        cost.add(usd, { "session.id": id, "user.email": "ada@example.com", model }),
    };
  });
  for (const { provider, spend } of agents) {
    spend(1.5, "opus");
    await provider.forceFlush();
    spend(0.5, "opus");
    spend(0.25, "haiku");
    await provider.forceFlush();
  }
  const labels = { "user.email": "ada@example.com" };
  expect(await shown("coding_agent_cost_today_USD")).toEqual([
    { labels: { ...labels, model: "opus" }, value: 4 },
    { labels: { ...labels, model: "haiku" }, value: 0.5 },
  ]);
  expect(await shown("coding_agent_team_cost_today_USD")).toEqual([{ labels: {}, value: 4.5 }]);
  for (const { provider } of agents) await provider.shutdown();
});

it("adds up the tokens of agents that tell them in a histogram, with the user of their resource", async () => {
  const provider = session({ "service.name": "codex_exec", "user.email": "bob@example.com" }, "http");
  const turns = provider.getMeter("codex").createHistogram("codex.turn.token_usage");
  turns.record(1200, { model: "gpt", token_type: "input" });
  turns.record(300, { model: "gpt", token_type: "input" });
  await provider.forceFlush();
  turns.record(500, { model: "gpt", token_type: "input" });
  await provider.forceFlush();
  expect(await shown("codex_tokens_today")).toEqual([
    { labels: { "user.email": "bob@example.com", model: "gpt", token_type: "input" }, value: 2000 },
  ]);
  await provider.shutdown();
});
