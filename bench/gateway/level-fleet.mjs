import { setTimeout as sleep } from "node:timers/promises";
import { seriesKinds } from "../harness/series-kinds.mjs";
import { seededRandom } from "../harness/statistics.mjs";
import { encodeRequest, textAttribute } from "./requests.mjs";

const STREAMS_OF_SERVICE = 1000;
const STREAMS_OF_METRIC = 100;
/** Selects one of a hundred streams. */
export const ONE_PERCENT = 'route="/items/7"';

/** Services with gauges, which push the points of all of their streams once in an interval to several receivers. */
export class LevelFleet {
  #urls;
  #levels;
  #pushed = 0;

  /** @param {number} series @param {string[]} urls */
  constructor(series, urls) {
    this.#urls = urls;
    const random = seededRandom(1);
    const kinds = Object.values(seriesKinds);
    this.#levels = Array.from({ length: series }, (_, index) => kinds[index % kinds.length]?.(random));
  }

  /** One point of each series, spread over the time until then. */
  async pushAll(/** @type {number} */ endsAt) {
    const services = Math.ceil(this.#levels.length / STREAMS_OF_SERVICE);
    const begunAt = performance.now();
    const spread = 0.7 * (endsAt - begunAt);
    for (let service = 0; service < services; service += 1) {
      const body = encodeRequest(this.#requestOf(service));
      await Promise.all(this.#urls.map((url) => push(url, body)));
      const ahead = begunAt + (spread * (service + 1)) / services - performance.now();
      if (ahead > 1) await sleep(ahead);
    }
    this.#pushed += 1;
  }

  #requestOf(/** @type {number} */ service) {
    const streams = this.#levels.slice(service * STREAMS_OF_SERVICE, (service + 1) * STREAMS_OF_SERVICE);
    const attributes = [textAttribute("service.name", `service-${service}`)];
    const timeUnixNano = `${Date.now()}000000`;
    const metrics = [];
    for (let first = 0; first < streams.length; first += STREAMS_OF_METRIC) {
      const dataPoints = streams.slice(first, first + STREAMS_OF_METRIC).map((level, stream) => ({
        timeUnixNano,
        attributes: [textAttribute("route", `/items/${stream}`)],
        asDouble: level?.(this.#pushed),
      }));
      metrics.push({ name: `level.${first / STREAMS_OF_METRIC}`, gauge: { dataPoints } });
    }
    return {
      resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope: { name: "fleet" }, metrics }] }],
    };
  }
}

async function push(/** @type {string} */ url, /** @type {Uint8Array} */ body) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body: Buffer.from(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`a push was answered by ${response.status}: ${answer}`);
}
