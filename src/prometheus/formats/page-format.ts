import { type Escaping, escapingOf } from "../names/escaping.ts";

/** A format of a page of metrics. */
export type PageFormat = "text" | "openmetrics" | "protobuf";

/**
 * The content type of a page. Version 1.0.0 of the text format is version 0.0.4 with other names.
 *
 * https://prometheus.io/docs/instrumenting/content_negotiation/
 */
export function contentType(format: PageFormat, escaping: Escaping): string {
  switch (format) {
    case "text":
      return escaping === "underscores"
        ? "text/plain; version=0.0.4; charset=utf-8"
        : `text/plain; version=1.0.0; charset=utf-8; escaping=${escaping}`;
    case "openmetrics":
      return `application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=${escaping}`;
    case "protobuf":
      return `application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; escaping=${escaping}`;
  }
}

/** A format that a client accepts, and how it wants the names in it. */
export interface AcceptedFormat {
  readonly format: PageFormat;
  readonly escaping: Escaping;
}

/** The formats that a client accepts. */
export interface AcceptedFormats {
  /** The one that it likes best. */
  readonly best: AcceptedFormat;
  /** The text format, if it accepts that too. */
  readonly text?: AcceptedFormat | undefined;
}

/** A page in one of the formats. */
export interface MetricsPage extends AcceptedFormat {
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
  const ranges = acceptedRanges(accept);
  const liked = ranges
    .flatMap((range) => {
      const format = formatOf(range);
      return format === undefined ? [] : [{ format, escaping: escapingIn(range, format, ranges), range }];
    })
    .sort((one, other) => other.range.weight - one.range.weight);
  const text = liked.find(({ format }) => format === "text");
  const isLiked = ({ format, range }: (typeof liked)[number]): boolean =>
    format !== "openmetrics" || text === undefined || range.parameters.has("escaping");
  const best = liked.find(isLiked);
  return best === undefined ? { best: PLAIN_TEXT, text: PLAIN_TEXT } : { best, text };
}

const PLAIN_TEXT: AcceptedFormat = { format: "text", escaping: "underscores" };

/**
 * Version 0.0.4 of the text format, which every other type of text means, has no other escaping. Prometheus
 * 3 says how it wants names with other formats only, and takes them like that in protobuf too.
 */
function escapingIn({ parameters }: MediaRange, format: PageFormat, ranges: readonly MediaRange[]): Escaping {
  if (format === "text" && parameters.get("version") !== "1.0.0") return "underscores";
  const elsewhere =
    format === "protobuf" ? ranges.find((range) => range.parameters.has("escaping")) : undefined;
  return escapingOf(parameters.get("escaping") ?? elsewhere?.parameters.get("escaping"));
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
      return is("version", "0.0.4", "1.0.0") ? "text" : undefined;
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
