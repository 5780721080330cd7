import type { RequestListener, ServerResponse } from "node:http";
import type { YieldingClock } from "../../core/yielding-runner.ts";
import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import { Turns } from "../../prometheus/turns.ts";
import { eventLoop } from "../../system/event-loop.ts";
import { readReadRequest } from "../../wire/remote/read-request.ts";
import { compressed } from "../../wire/remote/snappy.ts";
import { answering } from "../remote/answering.ts";
import { type RefusalReason, RefusedRequest } from "../remote/refused-request.ts";
import { overloaded, SnappyBodies } from "../remote/snappy-bodies.ts";
import { pathAnswer } from "./path-answer.ts";
import type { PathSource } from "./path-source.ts";

/** Counts what the output did. */
export interface RemoteReadObserver {
  /** A request was answered. */
  answered(): void;
  /** A request got the status of an error. */
  refused(reason: RefusalReason): void;
}

/** Where remote read gets its answers from, and how large they may be. */
export interface RemoteReadOptions {
  readonly source: PathSource;
  readonly observer: RemoteReadObserver;
  /** The maximum of samples in one answer. Default 5,000,000. */
  readonly maxSamples?: number;
  /** The maximum of bytes in answers that clients have not received yet. Default 256 MiB. */
  readonly maxBytesInFlight?: number;
  readonly clock?: YieldingClock;
}

const MESSAGE = "prometheus.ReadRequest";
const MAX_SAMPLES = 5_000_000;
const MAX_BYTES_IN_FLIGHT = 256 * 1024 * 1024;
/** Queries are short. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Answers Prometheus's remote read by the forecasts of the coming hours, at their own times:
 * `NAME{forecast="path"}` is the mean, `forecast="lower"` and `"upper"` with `level` are the bounds of
 * the interval. So PromQL, alerting rules and dashboards of any Prometheus can look ahead.
 *
 * Queries without a condition on `forecast` find nothing. Answers are whole samples, which every
 * Prometheus accepts.
 *
 * Protocol: https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/
 */
export function remoteReadOutput(options: RemoteReadOptions): RequestListener {
  const { source, observer, maxSamples = MAX_SAMPLES, clock = eventLoop } = options;
  const bodies = new SnappyBodies(MESSAGE, { maxBodyBytes: MAX_BODY_BYTES });
  const logged = new LogOnce();
  // Each answer may need much memory.
  const turns = new Turns({ isOneByOne: true });
  const flight = new BytesInFlight(options.maxBytesInFlight ?? MAX_BYTES_IN_FLIGHT);
  return answering({
    name: "remote read",
    failedStatus: 500,
    onRefused: ({ reason, message }) => {
      observer.refused(reason);
      logged.log(reason, () =>
        log.warn(`remote read: refused a request: ${message}. Later ones are only counted.`),
      );
    },
    answer: async (request, response) => {
      const asked = await bodies.read(request, readReadRequest);
      if (!asked.acceptsSamples)
        throw new RefusedRequest(
          { status: 400, reason: "bad_query" },
          "the accepted response types do not have SAMPLES, which is the only one that there is",
        );
      const answer = await turns.take(response, async () => {
        if (flight.isFull) throw overloaded();
        return compressed(await pathAnswer(asked, { source, maxSamples, clock }));
      });
      if (answer === "gone" || response.closed) return;
      if (answer === "too many") throw overloaded();
      flight.send(response, answer);
      observer.answered();
    },
  });
}

/** Counts the bytes of answers until their clients have them, or have gone. */
class BytesInFlight {
  readonly #max: number;
  #bytes = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#max;
  }

  send(response: ServerResponse, body: Uint8Array): void {
    this.#bytes += body.length;
    response.once("close", () => {
      this.#bytes -= body.length;
    });
    response.setHeader("content-type", "application/x-protobuf");
    response.setHeader("content-encoding", "snappy");
    response.setHeader("content-length", body.length);
    response.end(body);
  }
}
