import type { KafkaRecord } from "@platformatic/kafka";
import type { PointIntake } from "../../core/point-intake.ts";
import type { OtlpFormat } from "../../wire/otlp/encode-answer.ts";
import { Capacity } from "../receivers/capacity.ts";
import { ExportService } from "../receivers/export-service.ts";
import { Refusal } from "../receivers/refusal.ts";
import { tenantNamed } from "../receivers/tenants.ts";
import type { GatewayCounts } from "../self-observation.ts";
import type { SavedParts } from "../state-records.ts";
import type { IntakePartition } from "../streams/partition-intake.ts";
import type { Fetched } from "./fetch-records.ts";

/** The receiver in the metrics of the gateway. */
export const NAME = "kafka";

/** What the records of Kafka are taken with. */
export interface RecordIntakeParts {
  readonly counts: GatewayCounts;
  readonly maxRecordBytes: number;
  /** The header of a record that names its tenant. */
  readonly tenantHeader: string | undefined;
  /** What its points go to. */
  saved(): SavedParts;
}

/** Hands the points in records to their streams. A record that can't be used is counted, and logged once. */
export class RecordIntake {
  readonly #format: OtlpFormat;
  readonly #parts: RecordIntakeParts;
  readonly #service: ExportService;
  #partition: IntakePartition | undefined;

  constructor(format: OtlpFormat, parts: RecordIntakeParts) {
    this.#format = format;
    this.#parts = parts;
    this.#service = new ExportService("Kafka receiver", {
      intakeFor: (tenant) => this.#intakeFor(tenant),
      capacity: new Capacity(),
      observer: {
        received: (points, tenant) => parts.counts.received(NAME, points, tenant),
        refused: (reason, count, tenant) => parts.counts.refused(NAME, reason, count, tenant),
      },
    });
  }

  /** Takes records of one partition. Call it again only when they are taken. */
  async take(partition: IntakePartition, records: Fetched["records"]): Promise<void> {
    this.#partition = partition;
    for (const { offset, record } of records)
      await this.#take(record, `partition ${partition.number}, offset ${offset}`);
    this.#parts.counts.kafkaRecords(records.length);
  }

  async #take(record: KafkaRecord, place: string): Promise<void> {
    const tenant = this.#tenantOf(record);
    try {
      const { value } = record;
      if (value === null) throw new Refusal("malformed", "the record has no value");
      const { maxRecordBytes } = this.#parts;
      if (value.length > maxRecordBytes)
        throw new Refusal("too_large", `the record has more than ${maxRecordBytes} bytes`);
      await this.#service.take(value, this.#format, tenant);
    } catch (thrown) {
      this.#service.refuse(thrown, place, tenant);
    }
  }

  #tenantOf({ headers }: KafkaRecord): string | undefined {
    const wanted = this.#parts.tenantHeader?.toLowerCase();
    if (wanted === undefined) return undefined;
    const found = headers.find(([name]) => name?.toString().toLowerCase() === wanted);
    return tenantNamed(found?.[1]?.toString());
  }

  #intakeFor(tenant: string | undefined): PointIntake {
    const { streams } = this.#parts.saved();
    return this.#partition === undefined
      ? streams.intakeFor(tenant)
      : streams.intakeFrom(this.#partition, tenant);
  }
}
