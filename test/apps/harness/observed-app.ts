import { expect, onTestFinished } from "vitest";
import { type ShownSample, shownValue } from "../../e2e/harness/exposition.ts";
import { InstalledApp } from "./installed-app.ts";
import { type Life, live } from "./life.ts";
import { CURRENT, nodeOf } from "./node-versions.ts";
import { npm, type PackageManager } from "./package-managers.ts";
import { packed } from "./package-under-test.ts";

/** What the endpoint of an app shows of one agent. */
export type ShownOf = (
  metric: string,
  agent: string,
  labels?: Readonly<Record<string, string>>,
) => number | undefined;

/**
 * Runs `app.mjs` of an app without the plugin, and with it until its endpoint shows what is expected.
 * The app must end and write as without the plugin.
 *
 * @param name a folder of `test/apps`.
 * @param expectShown throws while something is missing. A page can have parts of two instants, so
 * everything that a test expects is expected here.
 * @returns the run without the plugin.
 */
export async function expectObserved(
  name: string,
  expectShown: (value: ShownOf, samples: readonly ShownSample[]) => void,
  manager: PackageManager = npm,
): Promise<Life> {
  const installed = new InstalledApp(name, manager);
  onTestFinished(() => installed.remove());
  const how = { node: nodeOf(CURRENT), app: ["app.mjs"] };
  const bare = await live(installed.folder, { ...how, withUs: false });
  expect(installed.add(packed()).status).toBe(0);
  const isTold = (samples: readonly ShownSample[]): boolean => {
    expectShown((metric, agent, labels) => shownValue(samples, metric, { agent, ...labels }), samples);
    return true;
  };
  const withUs = await live(installed.folder, { ...how, withUs: true, isTold });
  expect([withUs.exit, withUs.stdout]).toEqual([bare.exit, bare.stdout]);
  return bare;
}
