import { setImmediate as nextTurn } from "node:timers/promises";
import { Limiter } from "../core/limiter.ts";
import { retryAfterMillis } from "../core/retry-after.ts";
import { type YieldingClock, YieldingRunner } from "../core/yielding-runner.ts";
import { log } from "../logging/component-logger.ts";
import { LogOnce } from "../logging/log-once.ts";
import {
  type AnsweredSeries,
  type AnswerFrame,
  type AnswerSummary,
  frameOf,
  type ResultType,
  remarksOf,
  SeriesReader,
} from "./answer.ts";
import { AnswerCutter } from "./answer-cutter.ts";
import { ApiEndpoint } from "./api-endpoint.ts";
import { ApiError, asApiError } from "./api-error.ts";
import type { HttpAnswer } from "./http-request.ts";
import { MAX_ANSWER_BYTES } from "./limits.ts";

/** Where a Prometheus API is, and the limits of asking it. */
export interface PrometheusClientOptions {
  /**
   * The address of a Prometheus, Mimir, Thanos or VictoriaMetrics. It may have a path in front of
   * `/api/v1`, parameters, and a user and a password for basic authentication.
   */
  readonly url: string;
  /** Headers of each request, such as `Authorization` or `X-Scope-OrgID`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The maximum time of one request with its answer, in milliseconds (default 30,000). */
  readonly timeoutMillis?: number;
  /** The maximum size of one answer, after decompression (default 64 MiB). */
  readonly maxAnswerBytes?: number;
  /** The maximum number of requests at the same time (default 8). Others wait. */
  readonly maxConcurrent?: number;
  /** Whether the process stays alive until an answer has come (default `true`). */
  readonly keepsAlive?: boolean;
  /** Paces the reading of long answers. */
  readonly clock?: YieldingClock;
}

/** A query at one time, in epoch milliseconds. */
export interface InstantQuery {
  readonly query: string;
  readonly at: number;
  readonly signal?: AbortSignal | undefined;
}

/** A query at the start, each step after it, up to the end. Times are in epoch milliseconds. */
export interface RangeQuery {
  readonly query: string;
  readonly start: number;
  readonly end: number;
  readonly stepMillis: number;
  readonly signal?: AbortSignal | undefined;
}

/** Receives the series of an answer, one by one. */
export type TakeSeries = (series: AnsweredSeries) => void;

/** A query as it is sent, and what its answer must be. */
interface Question {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly type: ResultType;
  readonly signal: AbortSignal | undefined;
}

const TIMEOUT_MILLIS = 30_000;
const MAX_CONCURRENT = 8;

/**
 * Asks a Prometheus API. An answer is read while it arrives, series by series, in short slices: it
 * never blocks the event loop for long.
 */
export class PrometheusClient {
  readonly #endpoint: ApiEndpoint;
  readonly #timeoutMillis: number;
  readonly #maxAnswerBytes: number;
  readonly #limiter: Limiter;
  readonly #clock: YieldingClock;
  readonly #remarks = new LogOnce();

  /** @throws TypeError if the URL is none of HTTP. */
  constructor(options: PrometheusClientOptions) {
    const { url, headers = {}, keepsAlive = true } = options;
    this.#endpoint = new ApiEndpoint(url, headers, keepsAlive);
    this.#timeoutMillis = options.timeoutMillis ?? TIMEOUT_MILLIS;
    this.#maxAnswerBytes = options.maxAnswerBytes ?? MAX_ANSWER_BYTES;
    this.#limiter = new Limiter(options.maxConcurrent ?? MAX_CONCURRENT);
    this.#clock = options.clock ?? { elapsedMillis: () => performance.now(), pause: () => nextTurn() };
  }

  /** The address without user and password. */
  get address(): string {
    return this.#endpoint.address;
  }

  /**
   * Asks for the values at one time.
   *
   * @throws ApiError
   */
  instant({ query, at, signal }: InstantQuery, take: TakeSeries): Promise<AnswerSummary> {
    const parameters = { query, time: seconds(at) };
    return this.#ask({ path: "query", parameters, type: "vector", signal }, take);
  }

  /**
   * Asks for the values of a range.
   *
   * @throws ApiError
   */
  range({ query, start, end, stepMillis, signal }: RangeQuery, take: TakeSeries): Promise<AnswerSummary> {
    const times = { start: seconds(start), end: seconds(end), step: seconds(stepMillis) };
    // Without `nocache`, VictoriaMetrics moves ranges to multiples of its own.
    const parameters = { query, ...times, nocache: "1" };
    return this.#ask({ path: "query_range", parameters, type: "matrix", signal }, take);
  }

  /** Closes the connections that are kept for further requests. */
  close(): void {
    this.#endpoint.close();
  }

  #ask(question: Question, take: TakeSeries): Promise<AnswerSummary> {
    return this.#limiter.run(async () => {
      const timeout = AbortSignal.timeout(this.#timeoutMillis);
      const signal = question.signal === undefined ? timeout : AbortSignal.any([timeout, question.signal]);
      let answer: HttpAnswer | undefined;
      try {
        answer = await this.#endpoint.send({ ...question, signal });
        return await this.#read(answer, question, take);
      } catch (error) {
        throw asApiError(error, {
          address: this.address,
          timeoutMillis: this.#timeoutMillis,
          isTooLate: timeout.aborted,
          isStopped: question.signal?.aborted ?? false,
        });
      } finally {
        answer?.end();
      }
    });
  }

  async #read(answer: HttpAnswer, { type }: Question, take: TakeSeries): Promise<AnswerSummary> {
    const slices = new YieldingRunner(this.#clock);
    const cutter = new AnswerCutter();
    const reader = new SeriesReader();
    let bytes = 0;
    for await (const part of answer.body) {
      bytes += part.length;
      if (bytes > this.#maxAnswerBytes)
        throw new ApiError("too_long", `the answer is longer than ${this.#maxAnswerBytes / 2 ** 20} MiB`);
      for (const text of cutter.take(part)) {
        take(reader.read(text));
        if (slices.isDue) await slices.pause();
      }
      if (slices.isDue) await slices.pause();
    }
    this.#check(answer, frameOf(cutter.frame), type);
    return reader.summary;
  }

  #check({ status, headers }: HttpAnswer, frame: AnswerFrame | undefined, type: ResultType): void {
    if (frame?.status === "error" || (status >= 400 && frame === undefined)) {
      const { errorType, error = "no reason given" } = frame ?? {};
      const wait = { retryAfter: headers["retry-after"], date: headers.date };
      throw new ApiError("refused", `it answered ${status}${errorType ? ` (${errorType})` : ""}: ${error}`, {
        status,
        errorType,
        retryAfterMillis: retryAfterMillis(status, wait, Date.now()),
      });
    }
    const found = frame?.data?.resultType;
    if (frame === undefined || found === undefined)
      throw new ApiError("not_understood", "expected the answer of a Prometheus API, got something else", {
        status,
      });
    if (found !== type) throw new ApiError("not_understood", wrongType(found, type));
    for (const remark of remarksOf(frame))
      this.#remarks.log(remark, () => log.warn(`${this.address} warns: ${remark}`));
  }
}

function wrongType(found: string, type: ResultType): string {
  const hint = found === "scalar" ? ": write vector(...) around the query" : "";
  return `the query gives a ${found}, expected a vector (${type})${hint}`;
}

/** The time of an API: seconds with milliseconds. */
function seconds(millis: number): string {
  return (millis / 1000).toFixed(3);
}
