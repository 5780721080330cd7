import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestContext } from "vitest";

/** A program that end-to-end tests need beside Node: its path, and how to install it. */
export interface Component {
  readonly name: string;
  readonly path: string | undefined;
  readonly howToGet: string;
}

export const prometheus: Component = {
  name: "Prometheus",
  path: onPath("prometheus"),
  howToGet: "apt-get install prometheus, or put the prometheus of https://prometheus.io/download on the PATH",
};

export const prometheus3: Component = {
  name: "Prometheus 3",
  path: executable(
    execFileSync(join(import.meta.dirname, "../prometheus/build.sh"), ["--path"], {
      encoding: "utf8",
    }).trim(),
  ),
  howToGet: "test/e2e/prometheus/build.sh (needs Go and the Go module proxy)",
};

export const promtool: Component = {
  name: "promtool",
  path: onPath("promtool"),
  howToGet: "apt-get install prometheus, or put the promtool of https://prometheus.io/download on the PATH",
};

export const alertmanager: Component = {
  name: "Alertmanager",
  path: onPath("prometheus-alertmanager") ?? onPath("alertmanager"),
  howToGet:
    "apt-get install prometheus-alertmanager, or put the alertmanager of prometheus.io/download on the PATH",
};

export const chromium: Component = {
  name: "Chromium",
  path: onPath("chromium") ?? onPath("chromium-browser") ?? onPath("google-chrome"),
  howToGet: "apt-get install chromium",
};

export const collector: Component = {
  name: "the OpenTelemetry Collector",
  path: executable(
    execFileSync(join(import.meta.dirname, "../collector/build.sh"), ["--path"], { encoding: "utf8" }).trim(),
  ),
  howToGet: "test/e2e/collector/build.sh (needs Go and the Go module proxy)",
};

/** A Python that has the reference parser of OpenMetrics. */
export const openMetricsParser: Component = {
  name: "the reference parser of OpenMetrics",
  path: pythonWith("prometheus_client.openmetrics.parser"),
  howToGet: "apt-get install python3-prometheus-client, or pip install prometheus_client",
};

/** The folder of the Java archives of an Apache Kafka broker. */
export const kafkaBroker: Component = {
  name: "an Apache Kafka broker",
  path: executable(
    execFileSync(join(import.meta.dirname, "../kafka/install.sh"), ["--path"], { encoding: "utf8" }).trim(),
  ),
  howToGet: "test/e2e/kafka/install.sh (needs Maven and a Maven repository)",
};

export const java: Component = {
  name: "Java",
  path: onPath("java"),
  howToGet: "apt-get install openjdk-17-jre-headless",
};

/** Another program that tests use where it is on the PATH. */
export function program(name: string, howToGet: string): Component {
  return { name, path: onPath(name), howToGet };
}

/** Skips the test if a program is missing, with a note on how to install it. */
export function needs(context: TestContext, ...components: readonly Component[]): void {
  const missing = components.filter(({ path }) => path === undefined);
  const note = missing.map(({ name, howToGet }) => `needs ${name}: ${howToGet}`).join("; ");
  context.skip(missing.length > 0, note);
}

/** The path of a program that `needs` has found. */
export function pathOf({ name, path }: Component): string {
  if (path === undefined) throw new Error(`${name} is not on this machine; call needs() first`);
  return path;
}

function pythonWith(module: string): string | undefined {
  return [onPath("python3"), executable("/usr/bin/python3")].find((python) => {
    if (python === undefined) return false;
    return spawnSync(python, ["-c", `import ${module}`]).status === 0;
  });
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => executable(join(folder, name)))
    .find((path) => path !== undefined);
}

function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}
