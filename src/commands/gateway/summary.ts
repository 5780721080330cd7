import type { Address } from "../../config/gateway/address.ts";
import type { Configured } from "../../gateway/read-configured.ts";
import { counted } from "../counted.ts";

/** What a gateway would do with a configuration, line by line. */
export function summaryOf(path: string | undefined, { settings, options, counts }: Configured): string[] {
  const { receivers, sources, outputs, members, stateDirectory } = settings;
  const { alerting } = options;
  const entries = [
    counted(counts.views, "view"),
    counted(counts.thresholds, "threshold"),
    counted(alerting.alerts.length, "alert"),
    counted(alerting.actions.length, "action"),
  ];
  return [
    `${path ?? "no file"}: ${entries.join(", ")}`,
    ...listening("receives OTLP over gRPC", receivers.otlpGrpc),
    ...listening("receives OTLP over HTTP", receivers.otlpHttp),
    ...(receivers.remoteWritePath === undefined
      ? []
      : [`  receives remote write on the web port, path ${receivers.remoteWritePath}`]),
    ...(receivers.kafka === undefined
      ? []
      : [`  reads OTLP from the topic ${receivers.kafka.topic} of Kafka`]),
    ...sources.map(
      ({ url, queries }) => `  pulls ${counted(queries.size, "query", "queries")} from ${withoutLogin(url)}`,
    ),
    ...listening("shows forecasts", outputs.web),
    ...(outputs.remoteRead ? ["  answers remote read on the web port, path /api/v1/read"] : []),
    ...outputs.remoteWrite.map(({ url }) => `  writes forecasts to ${withoutLogin(url)}`),
    ...outputs.otlp.map(({ endpoint }) => `  pushes forecasts to ${withoutLogin(endpoint)}`),
    ...(members.count === 1 ? [] : [`  is one of ${members.count} members`]),
    ...(stateDirectory === undefined ? [] : [`  keeps its state in ${stateDirectory}`]),
  ];
}

function listening(what: string, address: Address | undefined): string[] {
  if (address === undefined) return [];
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return [`  ${what} on ${host}:${address.port}`];
}

function withoutLogin(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}
