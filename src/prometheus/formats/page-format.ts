/** A format of a page of metrics. */
export type PageFormat = "text" | "openmetrics" | "protobuf";

/**
 * The content type of each format. Names are escaped by underscores in all of them, so that a metric
 * has one name on every road.
 *
 * https://prometheus.io/docs/instrumenting/content_negotiation/
 */
export const CONTENT_TYPES: Readonly<Record<PageFormat, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
  protobuf:
    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=underscores",
};

/** The formats that a client accepts. */
export interface AcceptedFormats {
  /** The one that it likes best. */
  readonly format: PageFormat;
  /** Whether it accepts the text format too. */
  readonly acceptsText: boolean;
}

/** A page in one of the formats. */
export interface MetricsPage {
  readonly format: PageFormat;
  readonly pieces: readonly Buffer[];
}

/** One entry of an `Accept` header. */
export interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly weight: number;
}

/**
 * The formats of a client, by its `Accept` header. Without one that we have, it is the
 * text format.
 *
 * A Prometheus before version 3 likes OpenMetrics better than text too, but it would store the buckets
 * `le="1"` as `le="1.0"`: as new series. It does not say how names are escaped, so it gets text.
 */
export function acceptedFormats(accept: string | undefined): AcceptedFormats {
  const liked = acceptedRanges(accept).flatMap((range) => {
    const format = formatOf(range);
    return format === undefined ? [] : [{ format, range }];
  });
  const acceptsText = liked.some(({ format }) => format === "text");
  let best: { readonly format: PageFormat; readonly range: MediaRange } | undefined;
  for (const candidate of liked) {
    const { format, range } = candidate;
    if (format === "openmetrics" && acceptsText && !range.parameters.has("escaping")) continue;
    if (best === undefined || range.weight > best.range.weight) best = candidate;
  }
  return { format: best?.format ?? "text", acceptsText: best === undefined || acceptsText };
}

function formatOf({ type, parameters }: MediaRange): PageFormat | undefined {
  const is = (name: string, ...values: string[]): boolean => {
    const value = parameters.get(name);
    return value === undefined || values.includes(value);
  };
  switch (type) {
    case "application/vnd.google.protobuf":
      return is("proto", "io.prometheus.client.metricfamily") && parameters.get("encoding") === "delimited"
        ? "protobuf"
        : undefined;
    case "application/openmetrics-text":
      return is("version", "1.0.0") ? "openmetrics" : undefined;
    case "text/plain":
      return is("version", "0.0.4") ? "text" : undefined;
    case "text/*":
    case "*/*":
      return "text";
    default:
      return undefined;
  }
}

/**
 * The entries of an `Accept` header whose weight is above 0.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function acceptedRanges(accept = ""): MediaRange[] {
  return accept
    .split(",")
    .map(mediaRange)
    .filter(({ weight }) => weight > 0);
}

function mediaRange(entry: string): MediaRange {
  const [type = "", ...parts] = entry.split(";").map((part) => part.trim().toLowerCase());
  const parameters = new Map(
    parts.map((part): [string, string] => {
      const [name = "", value = ""] = part.split("=").map((side) => side.trim());
      return [name, value.replace(/^"(.*)"$/, "$1")];
    }),
  );
  const weight = Number(parameters.get("q") ?? 1);
  return { type, parameters, weight };
}
