import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import { decodeJson } from "../../wire/otlp/decode-json.ts";
import { decodeProtobuf } from "../../wire/otlp/decode-protobuf.ts";
import { encodeResponse, type OtlpFormat } from "../../wire/otlp/encode-answer.ts";
import { ExportResult, REJECTIONS } from "../../wire/otlp/export-result.ts";
import type { OtlpReceiverOptions } from "./receiver-options.ts";
import { type Refusal, refusalOf } from "./refusal.ts";

const DECODE = { protobuf: decodeProtobuf, json: decodeJson };

/** Takes the requests of one receiver, however they came. Counts what becomes of them. */
export class ExportService {
  /** For the log. */
  readonly #name: string;
  readonly #options: Pick<OtlpReceiverOptions, "intakeFor" | "capacity" | "observer">;
  readonly #logged = new LogOnce();

  constructor(name: string, options: Pick<OtlpReceiverOptions, "intakeFor" | "capacity" | "observer">) {
    this.#name = name;
    this.#options = options;
  }

  /**
   * Hands the points of a request to the intake of its tenant.
   *
   * @returns the body of the answer.
   * @throws MalformedMessage if the body cannot be read. The points before that are taken.
   */
  async take(body: Uint8Array, format: OtlpFormat, tenant: string | undefined): Promise<Buffer> {
    const { intakeFor, capacity } = this.#options;
    const result = new ExportResult();
    try {
      await capacity.inTurn(() => DECODE[format](body, intakeFor(tenant), result));
    } finally {
      this.#count(result, tenant);
    }
    return encodeResponse(result, format);
  }

  /**
   * Counts and logs a request that is not taken.
   *
   * @param tenant of a sender that may send; `undefined` for all others, who could name any.
   */
  refuse(thrown: unknown, sender: string, tenant?: string): Refusal {
    const refusal = refusalOf(thrown);
    const { reason, message } = refusal;
    this.#options.observer.refused(reason, 1, tenant);
    this.#logged.log(reason, () => {
      const line = `${this.#name}: refused a request from ${sender} (${reason}): ${message}. Later ones are only counted.`;
      if (reason === "internal") log.error(line, thrown);
      else log.warn(line);
    });
    return refusal;
  }

  #count(result: ExportResult, tenant: string | undefined): void {
    const { observer } = this.#options;
    if (result.taken > 0) observer.received(result.taken, tenant);
    for (const [reason, count] of result.rejected) {
      observer.refused(reason, count, tenant);
      this.#logged.log(reason, () =>
        this.#warn(`rejected ${count} points (${reason}): ${REJECTIONS[reason]}`),
      );
    }
    if (result.summaries > 0) {
      observer.refused("summary", result.summaries, tenant);
      this.#logged.log("summary", () => this.#warn("left out points of summaries, which are not supported"));
    }
    if (result.cutTexts > 0)
      this.#logged.log("cut", () =>
        log.warn(
          `${this.#name}: cut keys or values of attributes that are too long. Later ones are not logged.`,
        ),
      );
  }

  #warn(what: string): void {
    log.warn(`${this.#name}: ${what}. Later ones are only counted.`);
  }
}
