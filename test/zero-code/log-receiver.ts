import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A server that takes log records by OTLP until the test ends. */
export interface LogReceiver {
  /** What pushes the log records of a job, and nothing else, to the server. */
  readonly variables: Readonly<Record<string, string>>;
  /** The bodies of the requests so far, one after the other. */
  received(): string;
}

export async function logReceiver(): Promise<LogReceiver> {
  const sent: string[] = [];
  const server = createServer((request, response) => {
    request.on("data", (part: Buffer) => sent.push(part.toString()));
    request.on("end", () => response.setHeader("content-type", "application/json").end("{}"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const variables = {
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  return { variables, received: () => sent.join("") };
}
