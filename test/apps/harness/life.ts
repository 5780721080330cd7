import { Child, type Exit } from "../../e2e/harness/child.ts";
import { type ShownSample, scrape } from "../../e2e/harness/exposition.ts";
import { freePort } from "../../e2e/harness/free-ports.ts";
import { type Sink, startSink } from "./sink.ts";

/** How much work an app does. */
export const UNITS = 60;

/** One run of an app, from its start to its end. */
export interface Life {
  readonly exit: Exit;
  readonly stdout: string;
  readonly stderr: string;
  /** Spans that its own exporter has pushed. */
  readonly spans: number;
  /** Units of work that its own metric exporter has pushed, if it has one. */
  readonly units: number | undefined;
}

export interface LifeOptions {
  readonly node: string;
  /** Arguments before those of Node, for example of a package manager that starts Node. */
  readonly starter?: readonly string[];
  /** The arguments that preload the plugin. Default: those of Node. */
  readonly preload?: readonly string[];
  /** Arguments before the path of the app. */
  readonly nodeArgs?: readonly string[];
  readonly app: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the plugin is preloaded. */
  readonly withUs: boolean;
  /**
   * Whether our metrics have arrived, on our endpoint or by OTLP: then the app may end. Throws or gives
   * `false` while something is missing.
   */
  readonly isTold?: (samples: readonly ShownSample[], sink: Sink) => boolean;
}

export async function live(folder: string, options: LifeOptions): Promise<Life> {
  const sink = await startSink();
  const port = await freePort();
  const { starter = [], preload = ["--import", "otel-forecast/register"], nodeArgs = [] } = options;
  const ours = options.withUs ? preload : [];
  const child = new Child(
    options.app.join(" "),
    options.node,
    [...starter, ...ours, ...nodeArgs, ...options.app],
    { cwd: folder, listens: true, env: { ...environment(sink, port), ...options.env } },
  );
  try {
    await child.says("DONE");
    await untilTold(child, port, sink, options);
    child.tell("go on");
    const exit = await child.ends();
    const { stdout, stderr } = child;
    return { exit, stdout, stderr, spans: sink.count("app.work"), units: sink.lastSum("app.units") };
  } finally {
    await child.stop();
    await sink.close();
  }
}

function environment(sink: Sink, port: number): Record<string, string> {
  const url = `http://127.0.0.1:${sink.port}`;
  return {
    SINK: url,
    UNITS: String(UNITS),
    OTEL_SERVICE_NAME: "shop",
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_FORECAST_COLLECTION_INTERVAL: "200",
    OTEL_FORECAST_HORIZONS: "5s",
  };
}

async function untilTold(child: Child, port: number, sink: Sink, { isTold }: LifeOptions): Promise<void> {
  if (isTold === undefined) return;
  const look = async (): Promise<true | undefined> => {
    const samples = await scrape(`http://127.0.0.1:${port}/metrics`).catch(() => []);
    return isTold(samples, sink) || undefined;
  };
  await child.waitFor("all that is to be told", look);
}

/**
 * Lines of standard error, without the line of a machine that is too busy for the interval of these
 * tests.
 */
export function errorLines({ stderr }: Life): string[] {
  return stderr.split("\n").filter((line) => line !== "" && !line.includes("skipped (tick_overrun)"));
}
