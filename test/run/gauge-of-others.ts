import type { ForecastOptions } from "../../src/config/options.ts";
import { FORECAST } from "../../src/views/view-parts.ts";
import { Harness, World } from "./harness.ts";

const GAUGE = { kind: "level", scope: "s", name: "queue", unit: "", description: "" } as const;

/** A pipeline as that of a gateway: it forecasts a gauge that another process reports, or does not. */
export class GaugeOfOthers extends Harness {
  /** What it reports at each collection; `undefined`: nothing. */
  reported: number | undefined = 3;

  constructor(options: ForecastOptions = {}) {
    const outputs = [{ name: "{instrument}", number: "level", ...FORECAST }] as const;
    const views = [{ instruments: [GAUGE.name], by: "all", outputs }] as const;
    const scope = { measuresProcess: false, keepsLevels: false };
    super({ ...options, views }, new World(), "", undefined, scope);
    const collect = () => (this.reported === undefined ? [] : [{ labels: {}, value: this.reported }]);
    this.pipeline.readers.addSource({
      // biome-ignore lint/correctness/useYield: there is nothing to pause for.
      *collect() {
        return [{ ...GAUGE, points: collect() }];
      },
    });
  }
}
