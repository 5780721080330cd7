import { readFileSync } from "node:fs";
import { diag, type Meter } from "@opentelemetry/api";
import { FirstHand } from "../telemetry/genai/first-hand.ts";
import { StandardMetrics } from "../telemetry/genai/standard-metrics.ts";
import { WorkLog } from "../telemetry/genai/work-log.ts";
import { HttpServerObserver } from "../telemetry/http-server-observer.ts";
import { GENAI_SCOPE, HTTP_SCOPE } from "../telemetry/scopes.ts";
import { ForecastPipeline } from "./forecast-pipeline.ts";
import { Fellowship } from "./members/fellowship.ts";
import { ofProcessAlone } from "./members/process-alone.ts";
import type { ForecastOptions } from "./options/options.ts";
import { resolveOptions } from "./options/resolve-options.ts";
import { realSurroundings, type Surroundings } from "./surroundings.ts";
import { WayOut } from "./way-out.ts";

const RUNNING = Symbol.for("otel-forecast.runtimes");

interface RuntimeHolder {
  [RUNNING]?: Runtime[];
}

export interface RuntimeStart {
  /** Nothing is collected before this is settled; at once unless given. */
  readonly begins?: Promise<unknown>;
  /** Asked when collecting has begun: whether it has to listen for scrapes; it has to unless given. */
  readonly mayListen?: () => Promise<boolean>;
}

/** A pipeline with its ways out, started and stopped as one. */
export class Runtime {
  readonly pipeline: ForecastPipeline;
  readonly wayOut: WayOut;
  /** The threads and processes that it shows, or that show it. */
  readonly fellowship: Fellowship;
  /** The work of agents that is seen in frameworks and in spans. */
  readonly workLog: WorkLog;
  readonly standardMetrics: StandardMetrics;
  readonly firstHand: FirstHand;
  readonly #httpServers: HttpServerObserver;
  #state: "new" | "started" | "stopped" = "new";
  #ended: Promise<void> | undefined;

  /** @throws TypeError that names the option that is wrong and what was expected. */
  constructor(options: ForecastOptions = {}, surroundings: Surroundings = realSurroundings()) {
    const resolved = resolveOptions(options, {
      environment: process.env,
      readFile: (path) => readFileSync(path, "utf8"),
      warn: (message) => diag.warn(message),
    });
    this.pipeline = new ForecastPipeline(resolved, {
      ...surroundings,
      sample: async () => {
        const sample = await surroundings.sample();
        return this.fellowship.isMember ? ofProcessAlone(sample) : sample;
      },
    });
    this.wayOut = new WayOut(this.pipeline, surroundings.resource);
    this.fellowship = new Fellowship(this.pipeline, this.wayOut, surroundings);
    this.firstHand = new FirstHand(surroundings.elapsed);
    this.standardMetrics = new StandardMetrics(() => this.#meter(GENAI_SCOPE));
    const { recorder, consumption, skips } = this.pipeline;
    const { expiryMillis } = resolved;
    this.workLog = new WorkLog({
      recorder,
      consumption,
      skips,
      expiryMillis,
      metrics: this.standardMetrics,
    });
    this.pipeline.whenCollected(
      (foreign) => this.standardMetrics.collected(foreign),
      () => this.standardMetrics.collecting(),
    );
    this.#httpServers = new HttpServerObserver({
      meter: () => this.#meter(HTTP_SCOPE),
      elapsedMillis: surroundings.elapsed,
      isOurs: (port) => port !== undefined && port === this.wayOut.endpoint?.port,
    });
  }

  /** The runtime of this process: the first that was started and still runs, whichever copy of the package did it. */
  static get ofProcess(): Runtime | undefined {
    return running()[0];
  }

  /** Collects from now on and listens for scrapes: each at once, unless told when and whether. */
  async start({ begins, mayListen }: RuntimeStart = {}): Promise<void> {
    if (this.#state === "stopped")
      throw new Error("otel-forecast: a monitor that was shut down can't be started again");
    if (this.#state === "started") return;
    this.#state = "started";
    running().push(this);
    this.wayOut.endpoint?.reserve();
    this.pipeline.reserve();
    this.#httpServers.start();
    this.pipeline.whenHttpIsMeasuredElsewhere(() => this.#httpServers.stop());
    await begins;
    if (this.#isStopped) return;
    this.pipeline.start();
    const isToListen = (await mayListen?.()) !== false;
    if (this.#isStopped) return;
    this.pipeline.alerting.sayWhatIsMissing();
    await (isToListen ? this.wayOut.start() : this.wayOut.endpoint?.release());
  }

  /** Whether others are told of what is measured at the end, or will read it. */
  get isAwaitedAtEnd(): boolean {
    return this.wayOut.pushes || this.pipeline.keepsHistory || this.fellowship.hasFellows;
  }

  /**
   * Samples once more, pushes and closes. Whoever calls it again waits for the same end.
   *
   * @param isTold whether others than exporters are told of the last sample; without anybody there is none.
   */
  shutdown(isTold = true): Promise<void> {
    this.#ended ??= this.#end(isTold || this.wayOut.pushes || this.fellowship.isMember);
    return this.#ended;
  }

  async #end(samples: boolean): Promise<void> {
    this.#state = "stopped";
    if (running().includes(this)) running().splice(running().indexOf(this), 1);
    this.#httpServers.stop();
    try {
      await this.pipeline.stop({ samples });
    } finally {
      await this.fellowship.sayLast();
      await this.wayOut.shutdown();
      await this.fellowship.leave();
    }
  }

  #meter(scope: string): Meter {
    return (this.wayOut.ownProvider ?? this.pipeline.ownProvider).getMeter(scope);
  }

  get #isStopped(): boolean {
    return this.#state === "stopped";
  }
}

/** The runtimes of this process that were started and not shut down, in that order. */
function running(): Runtime[] {
  const holder = globalThis as RuntimeHolder;
  holder[RUNNING] ??= [];
  return holder[RUNNING];
}
