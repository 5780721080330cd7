import type { MetricHeader } from "../../src/core/point-intake.ts";
import type { Labels } from "../../src/core/series-key.ts";
import { Gateway } from "../../src/gateway/gateway.ts";
import { type Shown, shownBy, World } from "../run/harness.ts";
import { headerOf } from "./streams/harness.ts";

const FILE = "gateway.yaml";

/** A gateway in a world whose clock is set by hand, and with a file whose content can be changed. */
export class GatewayHarness {
  readonly world: World;
  readonly warnings: string[] = [];
  content: string;
  readonly gateway: Gateway;

  constructor(content = "method: naive\nhorizons: [1m]\n", world = new World()) {
    this.content = content;
    this.world = world;
    this.gateway = new Gateway({
      path: FILE,
      sources: {
        environment: {},
        readFile: () => this.content,
        warn: (message) => this.warnings.push(message),
      },
      surroundings: this.world,
    });
  }

  /** Gives a stream one value, now. */
  send(
    given: { header?: Partial<MetricHeader>; resource?: Labels; attributes?: Labels },
    value: number,
  ): void {
    const header = headerOf(given.header ?? {});
    const { resource = {}, attributes = {} } = given;
    this.gateway.streams
      .intakeFor(undefined)
      .resource(JSON.stringify(resource), () => resource)
      .metric(JSON.stringify(header), () => header)
      .stream(JSON.stringify(attributes), () => attributes)
      ?.number(value, this.world.now(), Number.NaN);
  }

  /** Lets collection intervals of 10 seconds pass. Each ends with a collection. */
  async ticks(count: number, before: (tick: number) => void = () => {}): Promise<void> {
    for (let tick = 0; tick < count; tick += 1) {
      this.world.millis += 10_000;
      before(tick);
      await this.gateway.collect();
    }
  }

  /** The series of a metric, by its Prometheus name. */
  async shown(metric: string): Promise<Shown[]> {
    return (await shownBy(this.gateway.producer)).get(metric) ?? [];
  }
}
