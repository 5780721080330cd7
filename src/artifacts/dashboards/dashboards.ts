import type { ResolvedOptions } from "../../config/options.ts";
import { catalogueOf } from "../catalogue/catalogue.ts";
import { agentDashboard } from "./agent-dashboard.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { dashboardContext } from "./dashboard-context.ts";
import type { DashboardSpec } from "./dashboard-spec.ts";
import { fleetDashboard } from "./fleet-dashboard.ts";
import { loadGrafanaSdk } from "./grafana-sdk.ts";
import { qualityDashboard } from "./quality-dashboard.ts";

/** A file for Grafana to import, or to be provisioned with. */
export interface DashboardFile {
  readonly name: string;
  readonly text: string;
}

/** Dashboards for what a process with these options measures and forecasts, before they are Grafana's. */
export async function describeDashboards(options: ResolvedOptions): Promise<DashboardSpec[]> {
  const context = dashboardContext(options, await catalogueOf(options));
  return [fleetDashboard(context), agentDashboard(context), qualityDashboard(context)];
}

/**
 * Generates the dashboards as Grafana reads them.
 *
 * @throws Error that says how to install Grafana's SDK, where it is not.
 */
export async function generateDashboards(options: ResolvedOptions): Promise<DashboardFile[]> {
  const sdk = await loadGrafanaSdk();
  const specs = await describeDashboards(options);
  return specs.map((spec) => ({
    name: spec.file,
    text: `${JSON.stringify(buildDashboard(sdk, spec), null, 2)}\n`,
  }));
}
