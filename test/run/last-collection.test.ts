import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { Harness } from "./harness.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "otel-forecast-last-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

it.each([
  { samples: true, hasFile: false, collections: 2 },
  { samples: false, hasFile: false, collections: 1 },
  { samples: false, hasFile: true, collections: 2 },
])("a monitor that stops collects once more, or not: %o", async ({ samples, hasFile, collections }) => {
  const harness = new Harness({ history: hasFile ? `file:${join(folder(), "history")}` : "memory" });
  let collected = 0;
  const meter = harness.application().getMeter("app");
  meter.createObservableGauge("load").addCallback(() => {
    collected += 1;
  });
  await harness.ticks(1);
  await harness.pipeline.stopCollecting({ samples });
  await harness.pipeline.history?.close();
  expect(collected).toBe(collections);
});
