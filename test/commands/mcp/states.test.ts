import { expect, it } from "vitest";
import { alert, disk, listOf } from "./answers-of-api.ts";
import { nearAssistantOf, servingJson } from "./assistant.ts";

const { secondsToThreshold: _, ...calm } = disk;
const { horizons: __, ...young } = calm;
const { at: ___, ...timeless } = disk;

it.each([
  [
    "forecasts",
    disk,
    "now 81%, in 1h 93% (90% to 96%). Its threshold is above 90%: passed in about 30 minutes, at 2026-01-01 12:30:00 UTC.",
  ],
  ["forecasts", { ...disk, secondsToThreshold: 0 }, "Its threshold is above 90%: passed now."],
  ["forecasts", { ...disk, state: "silent" }, "12:30:00 UTC. It had no value in the last collection."],
  [
    "forecasts",
    { ...young, horizons: [], state: "warming-up" },
    "Its threshold is above 90%. It has too few points for a forecast.",
  ],
  [
    "forecasts",
    { ...young, horizons: [], state: "failed" },
    "Its threshold is above 90%. No model could be fitted to it.",
  ],
  [
    "time_to_threshold",
    { ...disk, secondsToThreshold: 0 },
    "(id d1) is above its threshold of 90%, and is 81% now.",
  ],
  [
    "time_to_threshold",
    { ...calm, threshold: { value: 0.1, direction: "below" } },
    "is not forecast to be below its threshold of 10% within 1 hour, and is 81% now.",
  ],
  [
    "time_to_threshold",
    { ...disk, state: "silent" },
    "and is 81% now. It had no value in the last collection.",
  ],
  [
    "day_end",
    { ...disk, horizons: [{ ...disk.horizons[0], horizon: "midnight" }], secondsToThreshold: 0 },
    "It is above its threshold of 90%.",
  ],
  [
    "day_end",
    { ...calm, horizons: [{ ...disk.horizons[0], horizon: "midnight" }] },
    "It is not forecast to be above its threshold of 90% before midnight.",
  ],
])("%s says of a series how it is", async (tool, series, words) => {
  const { call } = await nearAssistantOf(await servingJson(listOf([series])));
  expect((await call(tool)).lines.at(-1)).toContain(words);
});

it("a time that is not known is not in the answer", async () => {
  const { call } = await nearAssistantOf(await servingJson(listOf([timeless])));
  const { data, lines } = await call("forecasts");
  expect(data.forecasts[0]).not.toHaveProperty("passesAt");
  expect(lines.at(-1)).toContain("Its threshold is above 90%.");
});

it("why compares with assuming no change as far as that is known", async () => {
  const quality = [
    { horizon: "1h", method: "theta", errorVersusNaive: 0.62, errorRatio: 1.3, coverage: 0.834 },
    { horizon: "6h", method: "naive", errorVersusNaive: 1 },
    { horizon: "1d", method: "auto: theta(48)", errorVersusNaive: null },
  ];
  const { call } = await nearAssistantOf(await servingJson({ ...disk, quality, path: [], past: {} }));
  const { lines, data } = await call("why", { id: "d1" });
  expect(lines.slice(1)).toEqual([
    "- in 1h: model theta. Error in the backtest: 38% less than assuming no change. Error of live forecasts: 30% more than assuming no change. 83% of the real values were inside the 80 % interval.",
    "- in 6h: model naive. Error in the backtest: as assuming no change. Error of live forecasts: not known yet.",
    "- in 1d: model auto: theta(48). Error in the backtest: it cannot be compared with assuming no change. Error of live forecasts: not known yet.",
    'Recommendation: "Free space on the disk."',
  ]);
  expect(data.explained.quality[2]).toEqual({ horizon: "1d", model: "auto: theta(48)", backtestError: null });
});

it("alerts leaves out those that are resolved", async () => {
  const alerts = [
    { ...alert, name: "Later", state: "pending" },
    { ...alert, runbookUrl: "https://example.org/disk" },
    { ...alert, name: "Over", state: "resolved" },
  ];
  const { call } = await nearAssistantOf(await servingJson({ alerts }));
  const { data, lines } = await call("alerts");
  expect(data).toMatchObject({ firing: 1, pending: 1 });
  expect(data.alerts.map(({ name }: { name: string }) => name)).toEqual(["DiskIsFull", "Later"]);
  expect(data.alerts[0].runbook).toBe("https://example.org/disk");
  expect(lines[1]).toBe(
    '- firing since 2026-01-01 11:00:00 UTC: DiskIsFull (warning) on disk_used_ratio{host="a"}: "The disk fills up", "It is full in about 30 minutes."',
  );
});

const ofWorker = { ...disk, process: "worker 2" };

it.each([
  ["forecasts", {}, "forecasts"],
  ["time_to_threshold", {}, "thresholds"],
  ["why", { match: "disk_used_ratio" }, "candidates"],
])("%s says of which process a series is", async (tool, input, list) => {
  const { call } = await nearAssistantOf(await servingJson(listOf([ofWorker, disk])));
  const { data, lines } = await call(tool, input);
  expect(data[list].map(({ process }: { process?: string }) => process)).toEqual(["worker 2", undefined]);
  const shown = lines.filter((line) => line.startsWith("- disk_used_ratio"));
  expect(shown.map((line) => line.includes("} (worker 2) (id d1)"))).toEqual([true, false]);
});

it("day_end, why and alerts say of which process it is", async () => {
  const total = { ...ofWorker, horizons: [{ ...disk.horizons[0], horizon: "midnight" }] };
  const ended = await nearAssistantOf(await servingJson(listOf([total])));
  const { data, lines } = await ended.call("day_end");
  expect(data.totals[0].process).toBe("worker 2");
  expect(lines.at(-1)).toContain('disk_used_ratio{host="a"} (worker 2) (id d1) comes to');
  const explained = await nearAssistantOf(await servingJson({ ...ofWorker, quality: [] }));
  expect((await explained.call("why", { id: "d1" })).data.explained.process).toBe("worker 2");
  const alerting = await nearAssistantOf(
    await servingJson({ alerts: [{ ...alert, process: "worker 2" }, alert] }),
  );
  const alerts = await alerting.call("alerts");
  expect(alerts.data.alerts.map(({ process }: { process?: string }) => process)).toEqual([
    "worker 2",
    undefined,
  ]);
  expect(alerts.lines[1]).toContain('on disk_used_ratio{host="a"} (worker 2): "The disk fills up"');
});

it.each(["forecasts", "time_to_threshold", "day_end"])("%s says that processes are missing", async (tool) => {
  const of = (processes: object) => servingJson({ ...listOf([disk]), processes });
  const { call } = await nearAssistantOf(await of({ others: 3, silent: 1 }));
  const { data, text } = await call(tool);
  expect(data.silentProcesses).toBe(1);
  expect(text).toContain("1 of 3 other processes did not answer: their series are missing.");
  const whole = await (await nearAssistantOf(await of({ others: 3, silent: 0 }))).call(tool);
  expect(whole.data).not.toHaveProperty("silentProcesses");
  expect(whole.text).not.toContain("did not answer");
});

it("alerts says that there are none", async () => {
  const { call } = await nearAssistantOf(await servingJson({ alerts: [] }));
  expect((await call("alerts")).text).toBe("0 alerts fire, 0 are pending.");
});
