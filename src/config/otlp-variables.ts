import { log } from "../logging/component-logger.ts";
import type { OtlpProtocol } from "../otel/export/otlp-exporters.ts";
import { isHttpAddress } from "../promql/address.ts";
import { show } from "./shown.ts";

const METRICS = "OTEL_EXPORTER_OTLP_METRICS_";
const ALL_SIGNALS = "OTEL_EXPORTER_OTLP_";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Checks what the exporters of OpenTelemetry read themselves, and answer without the name of a
 * variable: without the scheme of an endpoint they push to another one, or fail at each push. A pair of
 * headers that is none they leave out silently.
 *
 * @throws Error that names the endpoint that no exporter can use.
 */
export function checkOtlpVariables(variables: Variables, protocol: OtlpProtocol): void {
  const endpoint = firstSet(variables, "ENDPOINT");
  // An address of gRPC needs no scheme.
  if (endpoint !== undefined && protocol !== "grpc" && !isUsable(endpoint.text))
    throw new Error(
      `${endpoint.variable} must be an address that begins with http:// or https://, got ${show(endpoint.text)}`,
    );
  for (const name of [`${METRICS}HEADERS`, `${ALL_SIGNALS}HEADERS`])
    warnOfHeaders(name, variables[name] ?? "");
}

/** Spaces around an address are not removed by the exporters, and become a part of it. */
function isUsable(endpoint: string): boolean {
  return isHttpAddress(endpoint) && endpoint === endpoint.trim();
}

/** A header may be a password, so its text is not in the line. */
function warnOfHeaders(variable: string, text: string): void {
  const pairs = text.split(",").map((pair) => pair.trim());
  for (const [index, pair] of pairs.entries())
    if (pair !== "" && pair.indexOf("=") < 1)
      log.warn(`${variable}: pair ${index + 1} is not like NAME=VALUE; it is left out`);
}

function firstSet(
  variables: Variables,
  ending: string,
): { readonly variable: string; readonly text: string } | undefined {
  for (const variable of [`${METRICS}${ending}`, `${ALL_SIGNALS}${ending}`]) {
    const text = variables[variable];
    if (text !== undefined && text.trim() !== "") return { variable, text };
  }
  return undefined;
}
