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
