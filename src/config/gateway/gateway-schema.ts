import * as v from "valibot";
import { mapping, mappingOf } from "../../core/mapping.ts";
import { fileEntries } from "../configuration.ts";
import { duration, oneOf, text } from "../schema.ts";
import { parseAddress } from "./address.ts";
import { headerName, headers } from "./header-schema.ts";
import { kafkaEntry } from "./kafka-schema.ts";

const address = v.pipe(
  v.string(),
  v.check(
    (it) => parseAddress(it) !== undefined,
    "must be HOST:PORT such as 127.0.0.1:4318, [::1]:4318 or :4318",
  ),
);
const url = v.pipe(
  v.string(),
  v.check((it) => isWebUrl(it), "must be a URL that begins with http:// or https://"),
);
/** What the web port has already: paths, and the beginnings of others. */
const TAKEN =
  /^\/($|(metrics|health|live|-\/healthy|-\/ready|-\/reload|api\/(forecasts|alerts|v1\/read))$|page\/|api\/series\/)/;
const urlPath = v.pipe(
  v.string(),
  v.regex(/^\/[\w./-]*$/, "must be a path such as /api/v1/write"),
  v.check((it) => !TAKEN.test(it), "must be a path that the web port does not have, such as /api/v1/write"),
);
const count = (least: number, most: number) => {
  const expected = `must be a whole number from ${least} to ${most}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(least, expected),
    v.maxValue(most, expected),
  );
};
const metricName = v.pipe(
  v.string(),
  v.regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, "must be a name of a Prometheus metric"),
);

const receivers = mappingOf({
  otlp: v.optional(
    mappingOf({ grpc: v.optional(address), http: v.optional(address), bearerTokens: v.optional(text) }),
  ),
  remoteWrite: v.optional(mappingOf({ path: v.optional(urlPath) })),
  kafka: v.optional(kafkaEntry),
});

const source = mappingOf({
  prometheus: url,
  queries: v.optional(mapping(metricName, text)),
  interval: v.optional(duration),
  backfill: v.optional(mappingOf({ concurrency: v.optional(count(1, 64)), timeLimit: v.optional(duration) })),
  headers,
});

const outputs = mappingOf({
  prometheus: v.optional(mappingOf({ address: v.optional(address) })),
  remoteRead: v.optional(mappingOf({})),
  remoteWrite: v.optional(v.array(mappingOf({ url, headers, future: v.optional(duration) }))),
  otlp: v.optional(
    v.array(
      mappingOf({
        endpoint: url,
        protocol: v.optional(oneOf(["http/protobuf", "http/json", "grpc"])),
        headers,
      }),
    ),
  ),
});

const members = mappingOf({
  count: count(1, 1000),
  number: v.optional(v.union([v.literal("env"), count(0, 999)], 'must be "env" or a whole number from 0')),
  replicas: v.optional(count(1, 10)),
});

const limits = mappingOf({
  series: v.optional(count(1, 10_000_000)),
  streams: v.optional(count(1, 100_000_000)),
  bodyMiB: v.optional(count(1, 1024)),
  memory: v.optional(
    v.pipe(v.string(), v.regex(/^([1-9]\d?|100)%$/, "must be a share of the memory such as 70%")),
  ),
});

/** The keys that only the file of a gateway has. */
export const gatewayEntries = {
  interval: v.optional(duration),
  receivers: v.optional(receivers),
  sources: v.optional(v.array(source)),
  outputs: v.optional(outputs),
  members: v.optional(members),
  state: v.optional(
    mappingOf({ directory: text, partitions: v.optional(text), interval: v.optional(duration) }),
  ),
  limits: v.optional(limits),
  tenants: v.optional(
    mappingOf({
      header: v.optional(headerName),
      label: v.optional(v.pipe(v.string(), v.regex(/^[a-zA-Z_]\w*$/, "must be the name of a label"))),
    }),
  ),
  web: v.optional(text),
};

/** The file of a gateway: all keys of a process, and its own. */
export const gatewayFile = mappingOf({ ...fileEntries, ...gatewayEntries });

/** Whether a text is the address of something that a browser can open. */
export function isWebUrl(given: string): boolean {
  return URL.canParse(given) && ["http:", "https:"].includes(new URL(given).protocol);
}
