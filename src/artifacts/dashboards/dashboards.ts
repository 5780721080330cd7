import type { ResolvedOptions } from "../../config/options.ts";
import { catalogueOf } from "../catalogue/catalogue.ts";
import { type DescribedGateway, gatewayCatalogue } from "../described-gateway.ts";
import { agentDashboard } from "./agent-dashboard.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { dashboardContext } from "./dashboard-context.ts";
import type { DashboardSpec } from "./dashboard-spec.ts";
import { fleetDashboard } from "./fleet-dashboard.ts";
import { gatewayDashboard } from "./gateway-dashboard.ts";
import { type GrafanaSdk, loadGrafanaSdk } from "./grafana-sdk.ts";
import { qualityDashboard } from "./quality-dashboard.ts";

/** A dashboard as a file that Grafana imports or is provisioned with. */
export interface DashboardFile {
  readonly name: string;
  readonly text: string;
}

/** The specifications of the dashboards of a process with these options. */
export async function describeDashboards(options: ResolvedOptions): Promise<DashboardSpec[]> {
  const context = dashboardContext(options, await catalogueOf(options));
  return [fleetDashboard(context), agentDashboard(context), qualityDashboard(context)];
}

/** The specifications of the dashboards of a gateway. */
export async function describeGatewayDashboards(gateway: DescribedGateway): Promise<DashboardSpec[]> {
  const context = dashboardContext(gateway.options, await gatewayCatalogue(gateway), true);
  return [gatewayDashboard(context, gateway), qualityDashboard(context)];
}

/**
 * Generates the dashboards of a process with these options, as files for Grafana.
 *
 * @throws Error if Grafana's SDK is missing, with the command that installs it.
 */
export async function generateDashboards(options: ResolvedOptions): Promise<DashboardFile[]> {
  return filesOf(await loadGrafanaSdk(), await describeDashboards(options));
}

/**
 * Generates the dashboards of a gateway, as files for Grafana.
 *
 * @throws Error if Grafana's SDK is missing, with the command that installs it.
 */
export async function generateGatewayDashboards(gateway: DescribedGateway): Promise<DashboardFile[]> {
  return filesOf(await loadGrafanaSdk(), await describeGatewayDashboards(gateway));
}

function filesOf(sdk: GrafanaSdk, specs: readonly DashboardSpec[]): DashboardFile[] {
  return specs.map((spec) => ({
    name: spec.file,
    text: `${JSON.stringify(buildDashboard(sdk, spec), null, 2)}\n`,
  }));
}
