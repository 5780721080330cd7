import { Child, type ChildOptions } from "./child.ts";
import { type ShownSample, scrape } from "./exposition.ts";
import { freePort } from "./free-ports.ts";

const register = ["--import", "otel-forecast/register"];

/**
 * An app of `test/e2e/apps` with its own metrics port, and forecasts that are ready within seconds.
 */
export class PluginApp extends Child {
  readonly metricsUrl: string;
  readonly healthUrl: string;

  /** Starts an app with the plugin preloaded. */
  static async start(
    args: readonly string[],
    env: ChildOptions["env"] = {},
    listens = false,
  ): Promise<PluginApp> {
    return new PluginApp([...register, ...args], await freePort(), env, listens);
  }

  /** Starts an app that loads the plugin itself. */
  static async startPlain(
    args: readonly string[],
    env: ChildOptions["env"] = {},
    listens = false,
  ): Promise<PluginApp> {
    return new PluginApp(args, await freePort(), env, listens);
  }

  private constructor(args: readonly string[], port: number, env: ChildOptions["env"], listens: boolean) {
    super(args.join(" "), process.execPath, args, {
      listens,
      env: {
        OTEL_SERVICE_NAME: "shop",
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
        OTEL_FORECAST_COLLECTION_INTERVAL: "500",
        OTEL_FORECAST_INTERVAL: "2000",
        OTEL_FORECAST_HORIZONS: "10s",
        ...env,
      },
    });
    this.metricsUrl = `http://localhost:${port}/metrics`;
    this.healthUrl = `http://localhost:${port}/health`;
  }

  /** Scrapes the app until `find` returns something. */
  shows<Found>(awaited: string, find: (samples: ShownSample[]) => Found | undefined) {
    return this.waitFor(awaited, async () => find(await scrape(this.metricsUrl)));
  }
}
