import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { hashSync } from "bcryptjs";
import { afterEach, beforeEach, type Mock, vi } from "vitest";
import { webConfigFile } from "../../../src/config/web/web-config-file.ts";
import { PrometheusEndpoint } from "../../../src/prometheus/prometheus-endpoint.ts";
import { gauge, resourceMetrics } from "../metric-data.ts";

/** Certificates of `test/fixtures/web`, by file name. */
export const pem = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, "../../fixtures/web", name), "utf8");

export const TLS = "tls_server_config: { cert_file: server.crt, key_file: server.key }\n";
/** The user "prometheus" with the password "secret". */
export const USERS = `basic_auth_users:\n  prometheus: ${hashSync("secret", 4)}\n`;

export const logger: Record<"error" | "warn" | "info" | "debug" | "verbose", Mock> = {
  error: vi.fn(),
  warn: vi.fn(),
  info: vi.fn(),
  debug: vi.fn(),
  verbose: vi.fn(),
};
const cleanups: (() => unknown)[] = [];

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  diag.disable();
});

export interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An endpoint with a web configuration file, which a test can change. */
export class ProtectedEndpoint {
  readonly folder = mkdtempSync(join(tmpdir(), "otel-forecast-web-"));
  readonly path = join(this.folder, "web.yml");
  readonly endpoint: PrometheusEndpoint;

  constructor(content: string | undefined, options: { host?: string; requiresAuth?: boolean } = {}) {
    cpSync(resolve(import.meta.dirname, "../../fixtures/web"), this.folder, { recursive: true });
    if (content !== undefined) this.write(content);
    const collect = async () => ({
      resourceMetrics: resourceMetrics({ app: [gauge("up", [{}, 1])] }),
      errors: [],
    });
    this.endpoint = new PrometheusEndpoint({
      port: 0,
      retryMillis: 20,
      webConfig: webConfigFile(this.path),
      metricProducers: [{ collect }],
      ...options,
    });
    cleanups.push(async () => {
      await this.endpoint.shutdown();
      rmSync(this.folder, { recursive: true });
    });
  }

  static async started(...args: ConstructorParameters<typeof ProtectedEndpoint>): Promise<ProtectedEndpoint> {
    const started = new ProtectedEndpoint(...args);
    await started.endpoint.start();
    return started;
  }

  write(content: string, name = "web.yml"): void {
    writeFileSync(join(this.folder, name), content);
  }

  https(options: RequestOptions = {}): Promise<Answer> {
    return answerOf(httpsRequest, {
      ...this.#target,
      ca: pem("authority.crt"),
      servername: "localhost",
      ...options,
    });
  }

  http(options: RequestOptions = {}): Promise<Answer> {
    return answerOf(httpRequest, { ...this.#target, ...options });
  }

  get #target(): RequestOptions {
    return { host: "127.0.0.1", port: this.endpoint.port, path: "/metrics", agent: false };
  }
}

function answerOf(send: typeof httpsRequest, options: RequestOptions): Promise<Answer> {
  return new Promise((done, reject) => {
    const request = send(options, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      response.on("error", reject);
      response.on("end", () => done({ status: response.statusCode, headers: response.headers, body }));
    });
    request.on("error", reject).end();
  });
}
