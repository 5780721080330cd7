import type { ForecastView } from "../../views/forecast-view.ts";
import {
  type Configuration,
  ConfigurationError,
  configurationOf,
  type Mistake,
  readChecked,
} from "../configuration.ts";
import { gatewayFile } from "./gateway-schema.ts";
import { type GatewaySettings, gatewaySettings } from "./gateway-settings.ts";

/** The two parts of the file of a gateway: what it does, and what a process could do too. */
export interface GatewayConfiguration {
  readonly settings: GatewaySettings;
  /** With a view of each query. */
  readonly configuration: Configuration;
  /** How many views and thresholds are in the file. */
  readonly counts: { readonly views: number; readonly thresholds: number };
}

/**
 * Reads the file of a gateway, YAML or JSON.
 *
 * @throws ConfigurationError that names the file, the line, the key and what was expected.
 */
export function readGatewayFile(path: string, content: string): GatewayConfiguration {
  const { accepted, linesFor } = readChecked(path, content, gatewayFile);
  const { interval, receivers, sources, outputs, members, state, limits, tenants, web, ...shared } = accepted;
  const own = { interval, receivers, sources, outputs, members, state, limits, tenants, web };
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const settings = gatewaySettings(given);
  const configuration = configurationOf(shared, linesFor);
  const split = splitViews(settings, configuration.views);
  if (split.length > 0) throw new ConfigurationError(linesFor(split));
  const views = [...configuration.views, ...queryViews(settings)];
  const counts = { views: configuration.views.length, thresholds: configuration.thresholds.size };
  return { settings, configuration: { ...configuration, views }, counts };
}

/**
 * The views that sum over streams of several members: each member has only its own, so no member
 * would have the sum. What a query gives is summed already.
 */
function splitViews({ members, sources }: GatewaySettings, views: readonly ForecastView[]): Mistake[] {
  if (members.count === 1 || members.replicas === members.count) return [];
  const queries = new Set(sources.flatMap(({ queries: ofSource }) => [...ofSource.keys()]));
  return views.flatMap(({ by, instruments }, index) => {
    if (by === "all" || instruments.every((name) => queries.has(name))) return [];
    const what =
      `"views.${index}.by": must be "all" with several members, because each member has only a part of ` +
      "the streams that the view sums; let a query of a source sum them";
    return [{ keys: ["views", index, "by"], what }];
  });
}

/** A view of each query, so that alerts may name it. A view of the file for the same name wins. */
function queryViews({ sources }: GatewaySettings): ForecastView[] {
  const names = new Set(sources.flatMap(({ queries }) => [...queries.keys()]));
  return Array.from(names, (name) => ({
    instruments: [name],
    scope: "",
    kinds: ["level"],
    by: "all",
    outputs: [{ name: "{instrument}", number: "level", isPublished: true, isForecast: true }],
  }));
}
