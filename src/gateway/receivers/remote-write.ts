import type { RequestListener } from "node:http";
import type { PointIntake } from "../../core/point-intake.ts";
import { type Steps, YieldingRunner } from "../../core/yielding-runner.ts";
import { log } from "../../logging/component-logger.ts";
import { LogOnce } from "../../logging/log-once.ts";
import { eventLoop } from "../../system/event-loop.ts";
import { wallMillis } from "../../system/wall-clock.ts";
import { readWriteRequest } from "../../wire/remote/write-request.ts";
import { answering } from "../remote/answering.ts";
import { type RefusalReason, RefusedRequest } from "../remote/refused-request.ts";
import { type BodyLimits, SnappyBodies, toComeAgain } from "../remote/snappy-bodies.ts";
import { POSTPONED, type PostponedBecause } from "./postponement.ts";
import {
  type SampleDropReason,
  type Taken,
  WrittenPoints,
  type WrittenPointsLimits,
} from "./written-points.ts";

/** Counts what the receiver did. */
export interface RemoteWriteObserver {
  /** Samples were read. Some of them may be dropped afterwards. */
  received(samples: number): void;
  /** A request got the status of an error. */
  refused(reason: RefusalReason): void;
  /** Samples were left out of a request. */
  dropped(reason: SampleDropReason, samples: number): void;
}

/** Where a receiver of remote write puts what it gets, and its limits. */
export interface RemoteWriteReceiverOptions {
  readonly intake: PointIntake;
  readonly observer: RemoteWriteObserver;
  readonly limits?: BodyLimits & Partial<WrittenPointsLimits>;
  /** Why requests should be sent again later. Default: they are taken now. */
  readonly postponedBecause?: PostponedBecause;
  /** Epoch milliseconds. Default: the clock of the machine. */
  readonly now?: () => number;
}

const DEFAULT_LIMITS: WrittenPointsLimits = {
  maxKnownSeries: 200_000,
  maxBuckets: 200_000,
  expiryMillis: 3_600_000,
};
const MESSAGE = "prometheus.WriteRequest";
/** What a sender should look at, for a reason that it causes. */
const DROPPED: Readonly<Record<SampleDropReason, string>> = {
  not_finite: "values that are not finite are left out",
  native_histogram: "native histograms are left out; send classic ones too (scrape_classic_histograms)",
  bad_labels: "series whose labels cannot be read are left out",
  late_bucket: "buckets of histograms came after their histogram was complete",
  incomplete_histogram:
    "histograms of which buckets were missing are left out; the next ones have their counts",
  invalid_histogram:
    "histograms whose buckets do not have whole counts are left out, such as those of a rate",
  max_buckets: "there are too many buckets; raise the limit, or drop buckets by write_relabel_configs",
};

/**
 * Receives Prometheus's remote write 1.0: answers its requests with 204, and puts the samples into an
 * intake. Senders of 2.0 are answered 415, after which they use 1.0.
 *
 * Bad data is answered 400 and never 5xx: a sender would send it again for ever. What can be used of a
 * request is used nevertheless. Prometheus sends again after 503, but not after 429 unless
 * `retry_on_http_429` is set, so the answer to too many requests is 503.
 *
 * Protocol: https://prometheus.io/docs/specs/prw/remote_write_spec/
 */
export function remoteWriteReceiver(options: RemoteWriteReceiverOptions): RequestListener {
  const { intake, observer, limits = {}, postponedBecause = () => undefined, now = wallMillis } = options;
  const logged = new LogOnce();
  const bodies = new SnappyBodies(MESSAGE, limits);
  const points = new WrittenPoints({
    ...DEFAULT_LIMITS,
    ...limits,
    intake,
    now,
    onDropped: (reason, samples) => {
      observer.dropped(reason, samples);
      logged.log(reason, () => log.warn(`remote write: ${DROPPED[reason]}. Later ones are only counted.`));
    },
    onCut: () =>
      logged.log("cut", () =>
        log.warn(
          "remote write: cut keys or values of attributes that are too long. Later ones are not logged.",
        ),
      ),
  });
  return answering({
    name: "remote write",
    failedStatus: 400,
    onRefused: ({ reason, message }) => {
      observer.refused(reason);
      logged.log(`refused: ${reason}`, () =>
        log.warn(`remote write: refused a request: ${message}. Later ones are only counted.`),
      );
    },
    answer: async (request, response) => {
      const postponed = await postponedBecause();
      if (postponed !== undefined) throw toComeAgain(postponed, POSTPONED[postponed]);
      const { samples, problem } = await bodies.read(request, (bytes) =>
        new YieldingRunner(eventLoop).run(taken(bytes, points)),
      );
      observer.received(samples);
      if (problem !== undefined)
        throw new RefusedRequest({ status: 400, reason: "bad_labels" }, `${problem}; the rest was taken`);
      response.statusCode = 204;
      response.end();
    },
  });
}

function* taken(bytes: Uint8Array, points: WrittenPoints): Steps<Taken> {
  return yield* points.take(yield* readWriteRequest(bytes));
}
