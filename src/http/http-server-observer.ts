import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import {
  ATTR_NETWORK_PROTOCOL_VERSION,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
} from "@opentelemetry/semantic-conventions";
import { makeRoom } from "../system/listener-room.ts";
import { servedByHttp1 } from "./http1.ts";
import { type Http2Request, Http2Requests, servedByHttp2 } from "./http2.ts";
import { safely } from "./safely.ts";
import { attributesOf } from "./served-request.ts";

const REQUEST_STARTS = "http.server.request.start";
/** The bucket boundaries of the semantic conventions. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const HTTP2: Attributes = { [ATTR_NETWORK_PROTOCOL_VERSION]: "2" };

interface RequestStart {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The versions of HTTP. Each is measured by a meter of its own. */
export type HttpVersion = "http1" | "http2";

/**
 * Measures `http.server.request.duration` of the semantic conventions for all HTTP servers of the
 * process, by Node's diagnostics channels. Nothing is patched and no span is created, so the
 * application's own tracing does not change. If the application has an HTTP instrumentation of its
 * own, that is used instead, since it knows the routes.
 */
export class HttpServerObserver {
  readonly #meters: Readonly<Record<HttpVersion, () => Meter>>;
  readonly #durations: Partial<Record<HttpVersion, Histogram>> = {};
  readonly #elapsedMillis: () => number;
  readonly #isOurs: (port: number | undefined) => boolean;
  readonly #http2 = new Http2Requests((request) => this.#onHttp2(request));

  /**
   * @param options.meters called at the start.
   * @param options.isOurs whether a port is that of our endpoint. Scrapes are no traffic of the
   * application.
   */
  constructor(options: {
    meters: Readonly<Record<HttpVersion, () => Meter>>;
    elapsedMillis: () => number;
    isOurs: (port: number | undefined) => boolean;
  }) {
    this.#elapsedMillis = options.elapsedMillis;
    this.#isOurs = options.isOurs;
    this.#meters = options.meters;
  }

  start(): void {
    this.#durations.http1 ??= durationsOf(this.#meters.http1());
    this.#durations.http2 ??= durationsOf(this.#meters.http2());
    subscribe(REQUEST_STARTS, this.#onHttp1);
    this.#http2.start();
  }

  /** Stops to measure one version of HTTP, or both. */
  stop(version?: HttpVersion): void {
    if (version !== "http2") unsubscribe(REQUEST_STARTS, this.#onHttp1);
    if (version !== "http1") this.#http2.stop();
  }

  readonly #onHttp1 = (message: unknown): void => {
    safely(() => {
      const { request, response } = message as RequestStart;
      const { socket } = request;
      if (this.#isOurs(socket?.localPort)) return;
      const startedAt = this.#elapsedMillis();
      makeRoom(response);
      response.once("close", () => {
        this.#record("http1", startedAt, () => attributesOf(servedByHttp1(request, response, socket)));
      });
    });
  };

  #onHttp2(request: Http2Request): void {
    if (this.#isOurs(request.session?.socket?.localPort)) return;
    const startedAt = this.#elapsedMillis();
    makeRoom(request.stream);
    request.stream.once("close", () => {
      this.#record("http2", startedAt, () => ({ ...attributesOf(servedByHttp2(request)), ...HTTP2 }));
    });
  }

  #record(version: HttpVersion, startedAt: number, attributes: () => Attributes): void {
    safely(() => {
      this.#durations[version]?.record((this.#elapsedMillis() - startedAt) / 1000, attributes());
    });
  }
}

function durationsOf(meter: Meter): Histogram {
  return meter.createHistogram(METRIC_HTTP_SERVER_REQUEST_DURATION, {
    unit: "s",
    description: "Duration of HTTP server requests.",
    advice: { explicitBucketBoundaries: BOUNDARIES },
  });
}
