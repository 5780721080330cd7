import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";

/** An app's own way of exporting: a line `own export: name name ...` on its output for each export. */
export class PrintedMetrics extends InMemoryMetricExporter {
  constructor() {
    super(AggregationTemporality.CUMULATIVE);
  }

  export(resourceMetrics, done) {
    const names = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map((it) => it.descriptor.name),
    );
    console.log(`own export: ${names.join(" ")}`);
    done({ code: 0 });
  }
}

export function printingReader() {
  return new PeriodicExportingMetricReader({
    exporter: new PrintedMetrics(),
    exportIntervalMillis: 300,
    exportTimeoutMillis: 250,
  });
}
