import { describe, expect, it } from "vitest";
import { queryPrometheus } from "../../src/commands/backtest/input/prometheus/query.ts";
import { rangeQueryUrl } from "../../src/commands/backtest/input/prometheus/range-query.ts";
import { BACKSTOP_MILLIS } from "../harness/patience.ts";
import { needs, prometheus } from "./harness/components.ts";
import { freePort } from "./harness/free-ports.ts";
import { PrometheusServer } from "./harness/prometheus.ts";

const START = 1_767_225_600;
const STEPS = 23_456;
const STEP_SECONDS = 15;

describe("a real Prometheus", () => {
  it("gives the backtest a range of more points than it answers at once, without a gap", async (context) => {
    needs(context, prometheus);
    const server = new PrometheusServer(await freePort(), []);
    try {
      await server.ready();
      const range = {
        start: String(START),
        end: String(START + STEPS * STEP_SECONDS),
        step: `${STEP_SECONDS}s`,
      };
      const url = rangeQueryUrl(server.url, { query: "vector(time())", ...range });
      expect(await (await fetch(url)).text()).toContain("exceeded maximum resolution of 11,000 points");

      const { series, notes } = await queryPrometheus(url, BACKSTOP_MILLIS);
      expect(notes).toEqual([]);
      expect(series).toHaveLength(1);
      expect(series[0]).toMatchObject({
        stepSeconds: STEP_SECONDS,
        endMillis: (START + STEPS * STEP_SECONDS) * 1000,
      });
      expect(series[0]?.values).toEqual(
        Float64Array.from({ length: STEPS + 1 }, (_, index) => START + index * STEP_SECONDS),
      );
    } finally {
      await server.stop();
    }
  });
});
