/** The list of integrations that the SDK calls: the registry of its `registerTelemetry`. */
const REGISTRY = "AI_SDK_TELEMETRY_INTEGRATIONS";
interface Registry {
  [REGISTRY]?: object[];
}

/** Adds an integration to those that the SDK calls. Returns a function that removes it. */
export function joinRegistry(integration: object): () => void {
  const registry = globalThis as Registry;
  if (registry[REGISTRY] === undefined)
    // Like the SDK does, but not enumerable: some programs list all globals.
    Object.defineProperty(registry, REGISTRY, { value: [], configurable: true, writable: true });
  registry[REGISTRY]?.push(integration);
  return () => {
    const place = registry[REGISTRY]?.indexOf(integration) ?? -1;
    if (place >= 0) registry[REGISTRY]?.splice(place, 1);
  };
}
