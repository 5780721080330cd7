import { AgentMetricsCollector, PrometheusMetricsExporter } from "otel-forecast";

const exporter = new PrometheusMetricsExporter({ host: "localhost", port: Number(process.env.PORT ?? 9091) });
await exporter.startServer();

// The agents of a fleet report to this process, and Prometheus scrapes only this process.
const agents = new AgentMetricsCollector(exporter);
agents.updateAgentMetrics({ agentName: "planner", taskSuccessRate: 0.98, latencyP95: 2.4, activeTasks: 3 });
agents.updateAgentMetrics({ agentName: "coder", taskSuccessRate: 0.91, latencyP95: 38, activeTasks: 7 });
agents.updateAgentMetrics({ agentName: "coder", activeTasks: 6 });

const text = await (await fetch(`${exporter.url}/metrics`)).text();
// The process itself is an agent too, and there are metrics about the forecasts. They are not printed here.
for (const line of text.split("\n")) if (/^ai_cloud_.*agent="(planner|coder)"/.test(line)) console.log(line);

const health = await fetch(`${exporter.url}/health`);
console.log(`/health ${health.status}`, Object.keys(/** @type {object} */ (await health.json())).join(", "));

await exporter.shutdown();
