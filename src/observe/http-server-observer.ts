import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_URL_SCHEME,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
} from "@opentelemetry/semantic-conventions";

const CHANNEL = "http.server.request.start";
/** The bucket boundaries of the semantic conventions. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const KNOWN_METHODS = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

interface RequestStart {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Measures `http.server.request.duration` of the semantic conventions for all HTTP servers of the
 * process, by Node's diagnostics channel. Nothing is patched and no span is created, so the
 * application's own tracing does not change. If the application has an HTTP instrumentation of its
 * own, that is used instead, since it knows the routes.
 */
export class HttpServerObserver {
  readonly #meter: () => Meter;
  #duration: Histogram | undefined;
  readonly #elapsedMillis: () => number;
  readonly #isOurs: (port: number | undefined) => boolean;

  /**
   * @param options.meter called at the start.
   * @param options.isOurs whether a port is that of our endpoint. Scrapes are no traffic of the
   * application.
   */
  constructor(options: {
    meter: () => Meter;
    elapsedMillis: () => number;
    isOurs: (port: number | undefined) => boolean;
  }) {
    this.#elapsedMillis = options.elapsedMillis;
    this.#isOurs = options.isOurs;
    this.#meter = options.meter;
  }

  start(): void {
    this.#duration ??= this.#meter().createHistogram(METRIC_HTTP_SERVER_REQUEST_DURATION, {
      unit: "s",
      description: "Duration of HTTP server requests.",
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
    subscribe(CHANNEL, this.#onStart);
  }

  stop(): void {
    unsubscribe(CHANNEL, this.#onStart);
  }

  readonly #onStart = (message: unknown): void => {
    const { request, response } = message as RequestStart;
    if (this.#isOurs(request.socket?.localPort)) return;
    const startedAt = this.#elapsedMillis();
    response.once("close", () => {
      this.#duration?.record((this.#elapsedMillis() - startedAt) / 1000, attributesOf(request, response));
    });
  };
}

/** A response that was cut off before it was complete is an error, whatever its status is. */
function attributesOf(request: IncomingMessage, response: ServerResponse): Attributes {
  const { method = "GET", socket } = request;
  const scheme = socket !== null && "encrypted" in socket ? "https" : "http";
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: KNOWN_METHODS.includes(method) ? method : "_OTHER",
    [ATTR_URL_SCHEME]: scheme,
  };
  if (!response.writableFinished) return { ...attributes, [ATTR_ERROR_TYPE]: "aborted" };
  const status = response.statusCode;
  return {
    ...attributes,
    [ATTR_HTTP_RESPONSE_STATUS_CODE]: status,
    ...(status >= 500 ? { [ATTR_ERROR_TYPE]: String(status) } : {}),
  };
}
