import { setTimeout as sleep } from "node:timers/promises";
import { encodeRequest, textAttribute } from "./requests.mjs";

const SECOND = 1000;
/** How many streams one metric has. */
const STREAMS_OF_METRIC = 10;

/** Services that push all of their streams once a second, one after the other. Half are totals, half are levels. */
export class ServiceFleet {
  #options;
  #startAt = Date.now();
  #random = 1;
  /** The number of points that were accepted by what is pushed to. */
  sent = 0;

  /** @param {{ url: string, services: number, streams: number }} options */
  constructor(options) {
    this.#options = options;
  }

  /** One push of each service, spread over a second. */
  async pushOnce() {
    const { services } = this.#options;
    const begunAt = performance.now();
    const pushes = [];
    for (let service = 0; service < services; service += 1) {
      pushes.push(this.#push(service));
      const ahead = begunAt + ((service + 1) * SECOND) / services - performance.now();
      if (ahead > 0) await sleep(ahead);
    }
    await Promise.all(pushes);
  }

  async #push(/** @type {number} */ service) {
    const { url, streams } = this.#options;
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: encodeRequest(this.#requestOf(service)),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`a push was answered by ${response.status}`);
    this.sent += streams;
  }

  #requestOf(/** @type {number} */ service) {
    const metrics = Array.from({ length: this.#options.streams / STREAMS_OF_METRIC }, (_, metric) =>
      this.#metricOf(metric),
    );
    const attributes = [
      textAttribute("service.name", `service-${service}`),
      textAttribute("service.instance.id", "1"),
    ];
    return {
      resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope: { name: "fleet" }, metrics }] }],
    };
  }

  #metricOf(/** @type {number} */ metric) {
    const now = Date.now();
    const common = { startTimeUnixNano: `${this.#startAt}000000`, timeUnixNano: `${now}000000` };
    const seconds = (now - this.#startAt) / SECOND;
    const dataPoints = Array.from({ length: STREAMS_OF_METRIC }, (_, stream) => ({
      ...common,
      attributes: [textAttribute("route", `/items/${stream}`)],
      asDouble: metric % 2 === 0 ? seconds * (stream + 1) : 100 + stream + 10 * this.#next(),
    }));
    if (metric % 2 !== 0) return { name: `level.${metric}`, gauge: { dataPoints } };
    return { name: `work.${metric}`, sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true } };
  }

  /** A number between 0 and 1, the same ones at each run. */
  #next() {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random / 2_147_483_647;
  }
}
