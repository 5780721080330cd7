import type { ForecastView } from "../../views/forecast-view.ts";
import {
  type Configuration,
  ConfigurationError,
  configurationOf,
  type Mistake,
  readChecked,
} from "../configuration.ts";
import { mayClash } from "./address.ts";
import { besideFile } from "./beside-file.ts";
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
  const settings = gatewaySettings(besideFile(path, given));
  const configuration = configurationOf(shared, linesFor);
  const mistakes = [
    ...stateMistakes(settings),
    ...memberMistakes(settings),
    ...portMistakes(settings),
    ...splitViews(settings, configuration.views),
  ];
  if (mistakes.length > 0) throw new ConfigurationError(linesFor(mistakes));
  const views = [...configuration.views, ...queryViews(settings)];
  const counts = { views: configuration.views.length, thresholds: configuration.thresholds.size };
  return { settings, configuration: { ...configuration, views }, counts };
}

/**
 * The views that sum over streams of several members: each member has only its own, so no member
 * would have the sum. What a query gives is summed already.
 */
function splitViews(settings: GatewaySettings, views: readonly ForecastView[]): Mistake[] {
  const { sources } = settings;
  const why = whySplit(settings);
  if (why === undefined) return [];
  const queries = new Set(sources.flatMap(({ queries: ofSource }) => [...ofSource.keys()]));
  return views.flatMap(({ by, instruments }, index) => {
    if (by === "all" || instruments.every((name) => queries.has(name))) return [];
    const what = `"views.${index}.by": must be "all" ${why}; let a query of a source sum them`;
    return [{ keys: ["views", index, "by"], what }];
  });
}

/** Why the streams that a view sums may be apart; `undefined`: they are together. */
function whySplit({ members, receivers }: GatewaySettings): string | undefined {
  if (receivers.kafka !== undefined)
    return (
      "with receivers.kafka, because what a view sums would come from several partitions, and each " +
      "partition has a state of its own and may move to another member"
    );
  if (members.count === 1 || members.replicas === members.count) return undefined;
  return "with several members, because each member has only a part of the streams that the view sums";
}

/** What is read from Kafka is committed when it is saved. */
function stateMistakes({ receivers, stateDirectory }: GatewaySettings): Mistake[] {
  if (receivers.kafka === undefined || stateDirectory !== undefined) return [];
  const what =
    '"receivers.kafka": needs "state": { "directory": ... }, because an offset is committed when what was read up to it is saved';
  return [{ keys: ["receivers", "kafka"], what }];
}

/** A member beyond the others would own nothing. */
function memberMistakes({ members: { count, number, replicas } }: GatewaySettings): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (key: string, expected: string): void => {
    const what = `"members.${key}" must be ${expected} "members.count", which is ${count}`;
    mistakes.push({ keys: ["members", key], what });
  };
  if (number !== "env" && number >= count) add("number", "less than");
  if (replicas > count) add("replicas", "at most");
  return mistakes;
}

/** Only one of two servers can have a port. */
function portMistakes({ receivers, outputs }: GatewaySettings): Mistake[] {
  const servers = [
    { keys: ["outputs", "prometheus", "address"], address: outputs.web },
    { keys: ["receivers", "otlp", "grpc"], address: receivers.otlpGrpc },
    { keys: ["receivers", "otlp", "http"], address: receivers.otlpHttp },
  ];
  return servers.flatMap(({ keys, address }, index) => {
    const other = servers.slice(0, index).find((before) => mayClash(before.address, address));
    if (address === undefined || other === undefined) return [];
    const what = `"${keys.join(".")}": must have another port than "${other.keys.join(".")}", which is ${address.port} too`;
    return [{ keys, what }];
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
