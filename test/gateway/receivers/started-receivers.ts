import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, type Mock, vi } from "vitest";
import { webConfigFile } from "../../../src/config/web/web-config-file.ts";
import { Capacity } from "../../../src/gateway/receivers/capacity.ts";
import { OtlpGrpcReceiver } from "../../../src/gateway/receivers/otlp-grpc.ts";
import { OtlpHttpReceiver } from "../../../src/gateway/receivers/otlp-http.ts";
import type { OtlpReceiverOptions } from "../../../src/gateway/receivers/receiver-options.ts";
import { MemoryIntake } from "../memory-intake.ts";

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

/** Runs after the test, before what was registered earlier. */
export function afterTest(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

/** The lines of the log. */
export function lines(level: "error" | "warn" | "info"): string[] {
  return logger[level].mock.calls.map(([line]) => String(line));
}

/** What a receiver of a test is given, and what it has told. */
export class Surroundings {
  readonly intakes = new Map<string | undefined, MemoryIntake>();
  readonly capacity: Capacity;
  received = 0;
  readonly refused: Record<string, number> = {};

  constructor(maxBytesInFlight?: number) {
    this.capacity = new Capacity(maxBytesInFlight);
  }

  /** The points of the tenant that has none. */
  get intake(): MemoryIntake {
    return this.intakeFor();
  }

  readonly intakeFor = (tenant?: string): MemoryIntake => {
    const intake = this.intakes.get(tenant) ?? new MemoryIntake();
    this.intakes.set(tenant, intake);
    return intake;
  };

  options(more: Partial<OtlpReceiverOptions> = {}): OtlpReceiverOptions {
    return {
      address: { host: "127.0.0.1", port: 0 },
      intakeFor: this.intakeFor,
      capacity: this.capacity,
      observer: {
        received: (points) => {
          this.received += points;
        },
        refused: (reason, count) => {
          this.refused[reason] = (this.refused[reason] ?? 0) + count;
        },
      },
      ...more,
    };
  }

  async http(more: Partial<OtlpReceiverOptions> = {}): Promise<OtlpHttpReceiver> {
    const receiver = new OtlpHttpReceiver(this.options(more));
    afterTest(() => receiver.shutdown());
    await receiver.start();
    return receiver;
  }

  async grpc(more: Partial<OtlpReceiverOptions> = {}): Promise<OtlpGrpcReceiver> {
    const receiver = new OtlpGrpcReceiver(this.options(more));
    afterTest(() => receiver.shutdown());
    await receiver.start();
    return receiver;
  }
}

/** A web configuration file beside the certificates of `test/fixtures/web`. */
export function webConfigOf(content: string): ReturnType<typeof webConfigFile> {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-receiver-"));
  afterTest(() => rmSync(folder, { recursive: true }));
  cpSync(resolve(import.meta.dirname, "../../fixtures/web"), folder, { recursive: true });
  writeFileSync(join(folder, "web.yml"), content);
  return webConfigFile(join(folder, "web.yml"));
}
