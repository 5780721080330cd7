import type { DescribedGateway } from "../../src/artifacts/described-gateway.ts";
import { readConfigured } from "../../src/gateway/read-configured.ts";

/** The gateway that a file with this content describes. Every warning throws. */
export function gatewayFor(content: string, job = "gw"): DescribedGateway {
  const { options, settings } = readConfigured("gateway.yaml", {
    environment: {},
    readFile: () => content,
    warn: (message) => {
      throw new Error(message);
    },
  });
  return { options, settings, job };
}

/** A file with everything that rules and dashboards depend on. */
export const FULL_FILE = `
interval: 30s
horizons: [1h, 6h]
receivers: { otlp: {} }
sources:
  - prometheus: http://localhost:9090
    queries: { disk_used_ratio: 1 - free_bytes / size_bytes }
outputs:
  remoteRead: {}
  otlp: [{ endpoint: "http://collector:4318" }]
members: { count: 3, number: 0 }
thresholds:
  disk_used_ratio: { above: 0.9 }
  queue_size: { above: 100 }
  http_requests_per_second: { below: 1 }
`;
