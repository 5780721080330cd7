import { afterEach, beforeEach } from "vitest";
import type { ProviderSdkObserver } from "../../../src/observe/provider-sdks/provider-sdks.ts";
import { WorkBench } from "../bench-of-work.ts";
import { ProviderServer } from "./provider-server.ts";
import { observeSdks } from "./sdks.ts";

/** What a test has of its own. */
interface Providers {
  bench: WorkBench;
  /** Answers as all providers. */
  server: ProviderServer;
  observers: ProviderSdkObserver[];
}

/** Observes the SDKs of all providers, anew for each test of a file. */
export function providersOfTests(): Providers {
  const providers = {} as Providers;
  beforeEach(async () => {
    providers.bench = new WorkBench();
    providers.server = await ProviderServer.start();
    providers.observers = observeSdks(providers.bench);
  });
  afterEach(() => {
    for (const observer of providers.observers) observer.stop();
    providers.server.stop();
  });
  return providers;
}
