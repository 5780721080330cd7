import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needs, prometheus } from "./harness/components.ts";
import { type DashboardQuery, keptDashboards, withValues } from "./harness/dashboard-queries.ts";
import { DashboardScene } from "./harness/dashboard-scene.ts";
import type { PrometheusServer } from "./harness/prometheus.ts";
import { waitFor } from "./harness/wait-for.ts";

const HORIZON_SECONDS = 15;
const patience = { everyMillis: 3000 };
const dashboards = keptDashboards();

describe("dashboards on the self-healing example", () => {
  let scene: DashboardScene;
  let server: PrometheusServer;

  beforeAll(async () => {
    if (prometheus.path === undefined) return;
    scene = await DashboardScene.started(HORIZON_SECONDS);
    server = scene.prometheus;
  });
  afterAll(async () => {
    await scene?.stop();
  });

  it.for(dashboards)(
    "every query of every panel has an answer: $file",
    async ({ file, queries }, context) => {
      needs(context, prometheus);
      // The dashboard shows one agent at a time: another agent may have the series.
      const agents =
        file === "agent.json"
          ? ["self-healing", "log-keeper", "leaky-service", "forecaster", "streamer"]
          : [".*"];
      const unanswered = new Set<DashboardQuery>(queries);
      expect(unanswered.size).toBeGreaterThan(10);
      const ask = async (): Promise<true | undefined> => {
        for (const query of unanswered) {
          for (const agent of agents) {
            if (await hasAnswer(server, query, agent)) unanswered.delete(query);
          }
        }
        return unanswered.size === 0 || undefined;
      };
      await scene.example.waitFor("answers", ask, patience).catch(() => {});
      expect([...unanswered].map(({ place, expr }) => `${place}: ${expr}`)).toEqual([]);
    },
  );

  it.for(dashboards)("every variable has values: $file", async ({ variables }, context) => {
    needs(context, prometheus);
    expect(variables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["datasource", "job", "agent", "horizon"]),
    );
    for (const { name, definition } of variables.filter(({ type }) => type === "query")) {
      const match = /^label_values\((.*), (\w+)\)$/.exec(definition ?? "");
      const [, series = "", label = ""] = match ?? [];
      const values = await waitFor(`values of ${name}`, async () => {
        const found = await labelValues(server, withValues(series, { job: ".*" }), label);
        return found.length > 0 ? found : undefined;
      });
      if (name === "agent") expect(values).toEqual(expect.arrayContaining(["self-healing", "log-keeper"]));
      if (name === "horizon") expect(values).toContain(`${HORIZON_SECONDS}s`);
    }
  });

  it("forecasts reach into the future, up to the horizon, and measured values do not", async (context) => {
    needs(context, prometheus);
    const metric = "ai_cloud_memory_usage_percent";
    const queries = dashboards
      .find(({ file }) => file === "agent.json")
      ?.queries.filter(({ expr }) => new RegExp(`\\b${metric}(_predicted\\w*)?\\{`).test(expr));
    expect(queries).toHaveLength(4);
    const now = Date.now() / 1000;
    for (const { expr, place } of queries ?? []) {
      const lastAt = (await range(server, filled(expr, "self-healing"), now)).at(-1)?.[0] as number;
      const ahead = expr.includes("_predicted") ? HORIZON_SECONDS : 0;
      // There is a sample every second, and the query reads the last 5 s.
      expect(lastAt - now, place).toBeGreaterThan(ahead - 3);
      expect(lastAt - now, place).toBeLessThan(ahead + 6);
    }
  });
});

function filled(expr: string, agent: string): string {
  return withValues(expr, {
    job: ".*",
    agent,
    horizon: `${HORIZON_SECONDS}s`,
    metric: "ai_cloud_memory_usage_percent",
    __rate_interval: "5s",
  });
}

async function hasAnswer(server: PrometheusServer, query: DashboardQuery, agent: string): Promise<boolean> {
  const expr = filled(query.expr, agent);
  const now = Date.now() / 1000;
  const points = query.isInstant ? await instant(server, expr) : await range(server, expr, now);
  return points.some(([, value]) => Number.isFinite(value));
}

type Point = readonly [number, number];

async function instant(server: PrometheusServer, query: string): Promise<Point[]> {
  const result = await asked<{ value: [number, string] }>(server, "query", { query });
  return result.map(({ value: [at, value] }) => [at, Number(value)] as const);
}

/** From two minutes ago to one minute ahead, like the range of a dashboard. */
async function range(server: PrometheusServer, query: string, now: number): Promise<Point[]> {
  const result = await asked<{ values: [number, string][] }>(server, "query_range", {
    query,
    start: String(now - 120),
    end: String(now + 60),
    step: "1",
  });
  return result.flatMap(({ values }) => values.map(([at, value]) => [at, Number(value)] as const));
}

async function asked<Result>(
  server: PrometheusServer,
  path: string,
  parameters: Record<string, string>,
): Promise<Result[]> {
  const response = await fetch(`${server.url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const body = (await response.json()) as { error?: string; data?: { result: Result[] } };
  if (body.data === undefined) throw new Error(`Prometheus refused ${parameters.query}: ${body.error}`);
  return body.data.result;
}

async function labelValues(server: PrometheusServer, series: string, label: string): Promise<string[]> {
  const parameters = new URLSearchParams({ "match[]": series });
  const response = await fetch(`${server.url}/api/v1/label/${label}/values?${parameters}`);
  return ((await response.json()) as { data: string[] }).data;
}
