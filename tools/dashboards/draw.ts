import { filled } from "./contents.ts";
import type { Dashboard } from "./dashboard.ts";
import type { DrawnDashboard } from "./drawn.ts";
import { PrometheusApi } from "./prometheus-api.ts";
import { chosen, valuesOf } from "./variables.ts";

/** What a person chooses when a dashboard is open. */
export interface View {
  /** Epoch seconds. */
  readonly now: number;
  /** How far it looks back and ahead, in seconds. */
  readonly past: number;
  readonly ahead: number;
  /** The scrape interval that is set in the data source, in seconds. */
  readonly scrapeSeconds: number;
  /** What is chosen for variables. */
  readonly wanted?: Readonly<Record<string, string>>;
}

/** About as many points as a panel has pixels for. */
const POINTS = 240;

/** Asks a Prometheus for all that a dashboard shows. */
export async function drawn(dashboard: Dashboard, url: string, view: View): Promise<DrawnDashboard> {
  const { now, past, ahead, scrapeSeconds, wanted = {} } = view;
  const api = new PrometheusApi(url);
  const choices = await chosen(dashboard, api, wanted);
  const step = Math.max(scrapeSeconds, Math.ceil((past + ahead) / POINTS));
  const end = Math.ceil(now + ahead);
  const range = { start: end - Math.ceil((past + ahead) / step) * step, end, step };
  // As Grafana computes it: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
  const rate = Math.max(step + scrapeSeconds, 4 * scrapeSeconds);
  const values = { ...valuesOf(choices), __rate_interval: `${rate}s` };
  const texts = Object.fromEntries(choices.map(({ name, text }) => [name, text]));
  const source = { api, range, now, values, texts };
  return {
    title: dashboard.title,
    variables: choices,
    panels: await Promise.all(dashboard.panels.map((panel) => filled(panel, source))),
  };
}
