import { describe, expect, it } from "vitest";
import { Harness, MINUTE, SECOND, World } from "./harness.ts";

const EXPIRY = 10 * MINUTE;
const configuration = "views: [{ instrument: jobs, number: today, by: [user] }]";

/** An app that counts jobs of users, from this hour of the day on. */
function appAt(hour: number) {
  const world = new World();
  world.millis += hour * 60 * MINUTE;
  const options = { expiryMillis: EXPIRY, configFile: "f.yaml" };
  const harness = new Harness(options, world, configuration, () => {});
  const jobs = harness.application().getMeter("app").createCounter("jobs");
  const work = (count: number, user = "a"): Promise<void> =>
    harness.ticks(count, () => jobs.add(1, { user }));
  const today = (user = "a"): Promise<number | undefined> => harness.value("jobs_today", { user });
  const rest = (millis: number): Promise<void> => harness.ticks(millis / (10 * SECOND));
  return { harness, work, today, rest };
}

describe("what was counted today of a source that has left", () => {
  it("goes on when the source comes back on the same day", async () => {
    const { work, today, rest } = appAt(8);
    await work(40);
    await rest(EXPIRY + MINUTE);
    expect(await today()).toBeUndefined();
    await work(1);
    expect(await today()).toBe(41);
    await rest(EXPIRY + MINUTE);
    await work(2);
    expect(await today()).toBe(43);
  });

  it("begins from 0 on the next day, and is not kept until then", async () => {
    const { harness, work, today, rest } = appAt(23.5);
    await work(40);
    await rest(EXPIRY + MINUTE);
    const saved = (): string => JSON.stringify([...harness.pipeline.windows.saved()]);
    expect(saved()).toContain("jobs");
    await rest(20 * MINUTE);
    expect(saved()).not.toContain("jobs");
    await work(1);
    expect(await today()).toBe(1);
  });
});
