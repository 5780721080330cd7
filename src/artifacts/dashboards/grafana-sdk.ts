/** The parts of Grafana's foundation SDK that dashboards are built with. */
export interface GrafanaSdk {
  readonly common: typeof import("@grafana/grafana-foundation-sdk/common");
  readonly dashboard: typeof import("@grafana/grafana-foundation-sdk/dashboard");
  readonly prometheus: typeof import("@grafana/grafana-foundation-sdk/prometheus");
  readonly stat: typeof import("@grafana/grafana-foundation-sdk/stat");
  readonly table: typeof import("@grafana/grafana-foundation-sdk/table");
  readonly timeseries: typeof import("@grafana/grafana-foundation-sdk/timeseries");
}

/**
 * Loads the SDK. It is an optional peer dependency: only the generation of dashboards needs its
 * eleven megabytes.
 *
 * @throws Error if it is missing, with the command that installs it.
 */
export async function loadGrafanaSdk(): Promise<GrafanaSdk> {
  try {
    return {
      common: await import("@grafana/grafana-foundation-sdk/common"),
      dashboard: await import("@grafana/grafana-foundation-sdk/dashboard"),
      prometheus: await import("@grafana/grafana-foundation-sdk/prometheus"),
      stat: await import("@grafana/grafana-foundation-sdk/stat"),
      table: await import("@grafana/grafana-foundation-sdk/table"),
      timeseries: await import("@grafana/grafana-foundation-sdk/timeseries"),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(
      "dashboards are built with @grafana/grafana-foundation-sdk, which is not installed: " +
        "npm install --save-dev @grafana/grafana-foundation-sdk",
      { cause: error },
    );
  }
}
