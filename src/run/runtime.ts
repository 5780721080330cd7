import { clearTimeout, setTimeout } from "node:timers";
import type { Meter } from "@opentelemetry/api";
import { Environment } from "../config/environment.ts";
import type { ForecastOptions } from "../config/options.ts";
import { readConfigFile } from "../config/read-config-file.ts";
import { resolveOptions } from "../config/resolve-options.ts";
import { HttpServerObserver } from "../http/http-server-observer.ts";
import { log } from "../logging/component-logger.ts";
import { realSurroundings, type Surroundings } from "../measure/surroundings.ts";
import { FrameworkReports } from "../observe/work/framework-reports.ts";
import { StandardMetrics } from "../observe/work/standard-metrics.ts";
import { WorkLog } from "../observe/work/work-log.ts";
import { GENAI_SCOPE, HTTP_SCOPE, HTTP2_SCOPE } from "../otel/scopes.ts";
import { processPartOf } from "../system/system-sampler.ts";
import { Exporters } from "./exporters.ts";
import { ForecastPipeline } from "./forecast-pipeline.ts";
import { ProcessGroup } from "./process-group.ts";

/**
 * Where all copies of this package in the process find the runtimes. Copies of other versions use
 * `pipeline.instruments` and its `recorder`: do not rename them.
 */
const RUNNING = Symbol.for("otel-forecast.runtimes");

/** The maximum time of a shutdown, a little less than two seconds. */
const SHUTDOWN_MILLIS = 1800;

interface RuntimeHolder {
  [RUNNING]?: Runtime[];
}

/** How the start of a runtime is delayed, and who listens. */
export interface RuntimeStart {
  /** The first collection waits for this promise. Default: it does not wait. */
  readonly beginsAfter?: Promise<unknown>;
  /**
   * Asked after the first collection has started: whether the endpoint listens. Default: it does.
   */
  readonly mayListen?: () => Promise<boolean>;
}

/** A pipeline with its exporters and its observers, started and stopped as one. */
export class Runtime {
  readonly pipeline: ForecastPipeline;
  readonly exporters: Exporters;
  /** The threads and processes around this one: it shows them, or one of them shows it. */
  readonly processGroup: ProcessGroup;
  /** Takes the work of agents that is observed in frameworks and in spans. */
  readonly workLog: WorkLog;
  readonly standardMetrics: StandardMetrics;
  readonly frameworkReports: FrameworkReports;
  readonly #httpServers: HttpServerObserver;
  #state: "new" | "started" | "stopped" = "new";
  #ended: Promise<void> | undefined;

  /** @throws TypeError that names the invalid option and what was expected. */
  constructor(options: ForecastOptions = {}, surroundings: Surroundings = realSurroundings()) {
    const resolved = resolveOptions(options, {
      environment: surroundings.environment,
      readFile: readConfigFile,
      warn: (message) => log.warn(message),
    });
    this.pipeline = new ForecastPipeline(resolved, {
      ...surroundings,
      sample: async () => {
        const sample = await surroundings.sample();
        return this.processGroup.isMember ? processPartOf(sample) : sample;
      },
    });
    this.exporters = new Exporters(
      this.pipeline,
      surroundings.resource,
      new Environment(surroundings.environment),
    );
    this.processGroup = new ProcessGroup(this.pipeline, this.exporters, surroundings);
    this.frameworkReports = new FrameworkReports(surroundings.elapsedMillis);
    this.standardMetrics = new StandardMetrics(() => this.#meter(GENAI_SCOPE));
    const { skips } = this.pipeline;
    const { recorder, consumption, runs } = this.pipeline.instruments;
    const { expiryMillis } = resolved;
    this.workLog = new WorkLog({
      recorder,
      consumption,
      runs,
      skips,
      expiryMillis,
      metrics: this.standardMetrics,
    });
    this.pipeline.readers.listen(this.standardMetrics);
    this.#httpServers = new HttpServerObserver({
      meters: { http1: () => this.#meter(HTTP_SCOPE), http2: () => this.#meter(HTTP2_SCOPE) },
      elapsedMillis: surroundings.elapsedMillis,
      isOurs: (port) => port !== undefined && port === this.exporters.endpoint?.port,
    });
  }

  /**
   * The runtime of this process: the first that was started and still runs. Copies of this package
   * share it.
   */
  static get ofProcess(): Runtime | undefined {
    return running()[0];
  }

  /** Starts to collect and listens for scrapes. */
  async start({ beginsAfter, mayListen }: RuntimeStart = {}): Promise<void> {
    if (this.#state === "stopped")
      throw new Error("otel-forecast: a monitor that was shut down can't be started again");
    if (this.#state === "started") return;
    this.#state = "started";
    running().push(this);
    this.exporters.endpoint?.reserve();
    this.pipeline.reserve();
    this.#httpServers.start();
    this.pipeline.readers.onHttpMeasuredElsewhere((scope) =>
      this.#httpServers.stop(scope === HTTP_SCOPE ? "http1" : "http2"),
    );
    await beginsAfter;
    if (this.#isStopped) return;
    this.pipeline.start();
    const isToListen = (await mayListen?.()) !== false;
    if (this.#isStopped) return;
    this.pipeline.alerting.notifications.logMissingFunctions();
    await (isToListen ? this.exporters.start() : this.exporters.endpoint?.release());
  }

  /**
   * Whether a collection at the end is of use: it is pushed, saved to a file, or shown by a peer.
   */
  get needsLastCollection(): boolean {
    return this.exporters.pushes || this.pipeline.history !== undefined || this.processGroup.hasPeers;
  }

  /** Collects, saves and pushes now, and goes on: the process may end soon. */
  async save(): Promise<void> {
    if (this.#state !== "started") return;
    await this.pipeline.collect();
    await Promise.allSettled([
      this.pipeline.history?.save(),
      this.processGroup.report(),
      this.exporters.pushBriefly(),
    ]);
  }

  /**
   * Collects for the last time, pushes and closes, within two seconds whatever hangs. Further calls
   * wait for the same end.
   *
   * @param collects whether to collect at the end. Exporters that push, and a process that shows
   * this one, need that in any case.
   */
  shutdown(collects = true): Promise<void> {
    this.#ended ??= within(
      SHUTDOWN_MILLIS,
      this.#end(collects || this.exporters.pushes || this.processGroup.isMember),
    );
    return this.#ended;
  }

  async #end(samples: boolean): Promise<void> {
    this.#state = "stopped";
    this.pipeline.hurry.begin();
    if (running().includes(this)) running().splice(running().indexOf(this), 1);
    this.#httpServers.stop();
    try {
      await this.pipeline.stopCollecting({ samples });
    } finally {
      // The last push does not wait for a disk.
      await Promise.all([this.pipeline.history?.close(), this.#leave()]);
    }
  }

  async #leave(): Promise<void> {
    await this.processGroup.sendLast();
    await this.exporters.shutdown();
    await this.processGroup.leave();
  }

  #meter(scope: string): Meter {
    return (this.exporters.ownProvider ?? this.pipeline.instruments.provider).getMeter(scope);
  }

  get #isStopped(): boolean {
    return this.#state === "stopped";
  }
}

/** Waits for the end of `work`, but no longer than this. What still runs then is logged. */
async function within(millis: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn(`the shutdown took longer than ${millis} ms: what was not pushed or saved by then is lost`);
      resolve();
    }, millis);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The runtimes of this process that run, in the order in which they were started. */
function running(): Runtime[] {
  const holder = globalThis as RuntimeHolder;
  holder[RUNNING] ??= [];
  return holder[RUNNING];
}
