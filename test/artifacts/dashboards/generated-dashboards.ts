import type { Dashboard, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  generateDashboards,
  generateGatewayDashboards,
} from "../../../src/artifacts/dashboards/dashboards.ts";
import { gatewayFor } from "../gateway-for.ts";
import { optionsFor } from "../options-for.ts";

/** A query of a panel. */
export interface Target {
  readonly expr: string;
  readonly refId: string;
}

const files = [
  ...(await generateDashboards(optionsFor())),
  ...(await generateGatewayDashboards(
    gatewayFor(`thresholds: { depth: { above: 5 } }
state: { directory: /s }
receivers: { kafka: { brokers: ["k:9092"], topic: t } }`),
  )),
];
/** The dashboards of a process and of a gateway with all that it can have. */
export const dashboards = files.map(({ name, text }) => ({ name, dashboard: JSON.parse(text) as Dashboard }));

export function panelsOf({ panels = [] }: Dashboard): (Panel | RowPanel)[] {
  return panels;
}

export function targetsOf(panel: Panel | RowPanel): Target[] {
  return "targets" in panel ? ((panel.targets ?? []) as unknown as Target[]) : [];
}

/** The first panel of a file with this title. */
export function panelOf(file: string, title: string): Panel {
  const found = dashboards
    .filter(({ name }) => name === file)
    .flatMap(({ dashboard }) => panelsOf(dashboard))
    .find((panel) => panel.title === title);
  if (found === undefined) throw new Error(`${file} has no panel ${title}`);
  return found as Panel;
}
