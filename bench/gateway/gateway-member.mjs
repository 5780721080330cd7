import { writeFileSync } from "node:fs";
import { totalmem } from "node:os";
import { join, resolve } from "node:path";
import { median } from "../harness/statistics.mjs";
import { whole } from "../harness/table.mjs";
import { ONE_PERCENT } from "./level-fleet.mjs";
import { cpuSeconds, residentOf, started } from "./processes.mjs";

const root = resolve(import.meta.dirname, "../..");
/** The share of the memory that the heaps of all members may take together. */
const HEAP_SHARE = 0.75;
/** How many of the last intervals count for the usual CPU time: the first ones fit models. */
const USUAL_INTERVALS = 3;

/** One of the gateways that share the series, as a process. */
export class GatewayMember {
  #cpu = [0];
  #resident = 0;
  #series = 0;
  #forecastAfter = "-";

  /**
   * @param {string} folder
   * @param {{ number: number, count: number, series: number, intervalSeconds: number, intake: number, web: number }} it
   * which member it is, of how many; the series of all; and its ports
   */
  constructor(folder, { number, count, series, intervalSeconds, intake, web }) {
    this.number = number;
    this.intake = `http://127.0.0.1:${intake}/v1/metrics`;
    this.web = `http://127.0.0.1:${web}`;
    const file = join(folder, `gateway-${number}.yaml`);
    writeFileSync(
      file,
      `interval: ${intervalSeconds}s
horizons: [1h]
members: { count: ${count}, number: ${number}, replicas: 1 }
receivers: { otlp: { http: "127.0.0.1:${intake}" } }
outputs: { prometheus: { address: "127.0.0.1:${web}" } }
limits: { series: ${series}, memory: 95% }
`,
    );
    const heap = Math.floor((HEAP_SHARE * totalmem()) / count / 2 ** 20);
    const args = [`--max-old-space-size=${heap}`, join(root, "dist/cli.cjs"), "gateway", "--config", file];
    this.child = started(process.execPath, args);
  }

  /** Reads what it needs, and how much is forecast, at the end of an interval. */
  async look(/** @type {number} */ interval) {
    this.#cpu.push(cpuSeconds(this.child));
    this.#resident = Math.max(this.#resident, residentOf(this.child));
    const ready = await this.#valuesOf(`forecast_ready{${ONE_PERCENT}}`);
    const [known = 0] = await this.#valuesOf("forecast_series");
    this.#series = known;
    const isForecast = ready.length > 0 && ready.every((value) => value === 1);
    if (isForecast && this.#forecastAfter === "-") this.#forecastAfter = `${interval} intervals`;
    console.error(`interval ${interval}, member ${this.number}: ${whole(known)} series`);
  }

  row() {
    const each = this.#cpu.slice(1).map((at, index) => at - Number(this.#cpu[index]));
    return [
      ...[`member ${this.number}`, whole(this.#series), this.#forecastAfter],
      ...[median(each.slice(-USUAL_INTERVALS)), Math.max(...each)],
      ...[this.#resident / 1e9, this.#resident / 1000 / this.#series],
    ];
  }

  /** @returns {Promise<number[]>} */
  async #valuesOf(/** @type {string} */ selector) {
    const page = await (await fetch(`${this.web}/metrics?match[]=${encodeURIComponent(selector)}`)).text();
    return page
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => Number(/^\S+?(?:\{.*\})? (\S+)/.exec(line)?.[1]));
  }
}
