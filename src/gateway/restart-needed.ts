import type { Configured } from "./read-configured.ts";

/** What can't be changed while a gateway runs, by its key in the configuration file. */
const FIXED: readonly (readonly [key: string, read: (configured: Configured) => unknown])[] = [
  ["interval", ({ options }) => options.collectionIntervalMillis],
  ["receivers", ({ settings }) => settings.receivers],
  ["outputs.prometheus", ({ settings }) => settings.outputs.web],
  ["members", ({ settings }) => settings.members],
  ["state", ({ settings }) => [settings.stateDirectory, settings.partitionsDirectory, settings.saveMillis]],
  ["limits", ({ settings }) => settings.limits],
  ["tenants", ({ settings }) => settings.tenants],
  ["web", ({ settings }) => settings.webConfigFile],
];

/** The keys that have changed and that only the next start can follow. */
export function restartNeeded(before: Configured, after: Configured): string[] {
  return FIXED.filter(([, read]) => JSON.stringify(read(before)) !== JSON.stringify(read(after))).map(
    ([key]) => key,
  );
}

/** What is read, with the values that are in use of what only the next start can follow. */
export function withFixed(used: Configured, read: Configured): Configured {
  const { intervalMillis, receivers, members, limits, tenants, webConfigFile } = used.settings;
  const { stateDirectory, partitionsDirectory, saveMillis } = used.settings;
  const { collectionIntervalMillis, maxSeries, history } = used.options;
  return {
    ...read,
    settings: {
      ...read.settings,
      ...{ intervalMillis, receivers, members, limits, tenants, webConfigFile },
      ...{ stateDirectory, partitionsDirectory, saveMillis },
      outputs: { ...read.settings.outputs, web: used.settings.outputs.web },
    },
    options: {
      ...read.options,
      ...{ collectionIntervalMillis, maxSeries, history, webConfigFile: used.options.webConfigFile },
    },
  };
}
