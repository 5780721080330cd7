import { afterEach, expect, it } from "vitest";
import { shownValue } from "./harness/exposition.ts";
import { PluginApp } from "./harness/plugin-app.ts";

let app: PluginApp | undefined;

afterEach(async () => {
  await app?.stop();
  app = undefined;
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<PluginApp> {
  app = await PluginApp.start(["test/e2e/apps/span-agent.mjs"], env);
  await app.says("worked with");
  return app;
}

it.for([
  { SDK: "none", runs: 1 },
  { SDK: "late", runs: 2 },
])("shows the agents of an app that makes spans (its own tracing: $SDK)", async ({ SDK, runs }) => {
  const running = await start({ SDK });
  const planner = { agent: "planner" };
  await running.shows("the tasks of the outer agent", (samples) =>
    shownValue(samples, "ai_cloud_completed_tasks_total", planner) === runs ? runs : undefined,
  );
  await running.shows("the standard metrics", (samples) =>
    shownValue(samples, "gen_ai_invoke_agent_duration_seconds_count", { gen_ai_agent_name: "planner" }),
  );
  const value = (name: string, labels: Readonly<Record<string, string>>): Promise<number> =>
    running.shows(name, (samples) => shownValue(samples, name, labels));
  expect(await value("ai_cloud_failed_tasks_total", { agent: "critic" })).toBe(runs);
  expect(await value("ai_cloud_task_success_rate", planner)).toBe(1);
  expect(await value("ai_cloud_success_rate", planner)).toBeCloseTo(2 / 3, 9);
  expect(await value("ai_cloud_retried_attempts_total", planner)).toBe(runs);
  expect(await value("ai_cloud_failure_recovery_duration_seconds_count", planner)).toBe(runs);
  expect(await value("ai_cloud_tokens_total", { ...planner, token_type: "input" })).toBe(100 * runs);
  expect(await value("gen_ai_invoke_agent_tool_calls_sum", { gen_ai_agent_name: "planner" })).toBe(2 * runs);
  expect(running.stdout).not.toContain("traceId");
  expect(running.stderr).not.toMatch(/duplicate|Error/);
});

it("leaves spans to the exporter of the environment variable", async () => {
  const running = await start({ OTEL_TRACES_EXPORTER: "console" });
  await running.shows("the tasks of the outer agent", (samples) =>
    shownValue(samples, "ai_cloud_completed_tasks_total", { agent: "planner" }),
  );
  running.kill("SIGTERM");
  await running.ends();
  expect(running.stdout.match(/traceId/g)?.length).toBeGreaterThan(0);
});

it("leaves spans alone when that is switched off", async () => {
  const running = await start({ OTEL_NODE_DISABLED_INSTRUMENTATIONS: "agent-spans, host-metrics" });
  const shown = await running.shows("a collection after the work", (samples) =>
    samples.some(({ name }) => name === "nodejs_eventloop_utilization_ratio") ? samples : undefined,
  );
  expect(shown.filter(({ labels }) => labels.agent === "planner")).toEqual([]);
  expect(shown.filter(({ name }) => name.startsWith("process_cpu"))).toEqual([]);
});
