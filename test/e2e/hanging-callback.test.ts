import { afterEach, expect, it } from "vitest";
import { PluginApp } from "./harness/plugin-app.ts";

/** What the end of a process may take. */
const END_MILLIS = 2000;

let app: PluginApp;

afterEach(async () => {
  await app.stop();
});

it.for([
  ["our provider", {}],
  ["the app's own provider", { OWN_PROVIDER: "yes" }],
] as const)(
  "with %s, callbacks that never answer cost only their metrics, and the process ends",
  async ([, env]) => {
    app = await PluginApp.start(["test/e2e/apps/hanging-callback.mjs"], { ...env });
    const shown = await app.shows("the other metrics", (samples) => {
      const names = new Map(samples.map(({ name, value }) => [name, value]));
      return names.has("shop_stock") && names.has("system_cpu_usage_percent") ? names : undefined;
    });
    expect(shown.get("shop_stock")).toBe(7);
    expect(shown.get("shop_orders_total")).toBe(3);
    expect([...shown.keys()].filter((name) => /promise|thenable/.test(name))).toEqual([]);
    const asked = performance.now();
    app.kill("SIGTERM");
    expect(await app.ends()).toEqual({ code: null, signal: "SIGTERM" });
    expect(performance.now() - asked).toBeLessThan(END_MILLIS);
  },
);
