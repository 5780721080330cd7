import { expect, it } from "vitest";
import { BACKSTOP_MILLIS } from "../harness/patience.ts";
import { Child } from "./harness/child.ts";

const RUN_SECONDS = 130;

/** The output of one of the two runs. */
function seen(output: string, which: string): { outages: number; down: number; replaced: number } {
  const line = new RegExp(`^${which}: (\\d+) outages, ([\\d.]+) s down, replaced in time (\\d+) times$`, "m");
  const [, outages, down, replaced] = line.exec(output) ?? expect.unreachable(output);
  return { outages: Number(outages), down: Number(down), replaced: Number(replaced) };
}

it("a supervisor that acts on the forecast has fewer outages of the same service, and less time without it", {
  timeout: RUN_SECONDS * 1000 + 2 * BACKSTOP_MILLIS,
}, async () => {
  const child = new Child("compare", process.execPath, ["examples/self-healing/compare.mjs"], {
    env: { RUN_SECONDS: String(RUN_SECONDS) },
  });
  try {
    expect(await child.ends(RUN_SECONDS * 1000 + BACKSTOP_MILLIS)).toEqual({ code: 0, signal: null });
  } finally {
    await child.stop();
  }
  const without = seen(child.stdout, "without the action");
  const withAction = seen(child.stdout, "with the action");
  // A crash and a hang are in both; then the service runs out of memory twice, or is replaced in
  // time.
  expect(without.outages).toBeGreaterThanOrEqual(3);
  expect(without.replaced).toBe(0);
  expect(withAction.replaced).toBeGreaterThanOrEqual(1);
  expect(withAction.outages).toBeLessThan(without.outages);
  expect(withAction.down).toBeLessThan(without.down);
});
