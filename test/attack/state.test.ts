import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodedFrame } from "../../src/gateway/state/frames.ts";
import { commitOf, headerOf } from "../../src/gateway/state/slot-content.ts";
import { SlotFile } from "../../src/gateway/state/slot-file.ts";
import { slotName } from "../../src/gateway/state/slots.ts";
import { StateLog } from "../../src/gateway/state/state-log.ts";
import { runs } from "../harness/runs.ts";
import { anyJson } from "./harness/any-text.ts";
import { removeFolder } from "./harness/remove-folder.ts";

const SLOT = 7;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-attack-state-"));
});
afterAll(() => removeFolder(folder));

const key = fc.oneof(
  fc.constantFrom("series\na", "series\nb", "", "a\n", "\n"),
  fc.string({ unit: "binary" }),
);
const kind = fc.constantFrom("header", "record", "removal", "commit");
const lie = fc.tuple(kind, key, anyJson).map(([kind, key, value]) => encodedFrame(kind, key, value));
const frame = fc.oneof(
  lie,
  fc.constant(headerOf(SLOT)),
  fc.nat({ max: 9 }).map((frames) => commitOf(frames, { at: frames })),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
);
/** Frames whose checksums are right, of which some bytes are altered or missing. */
const file = fc
  .tuple(fc.array(frame, { maxLength: 12 }), fc.option(fc.nat()), fc.option(fc.nat()))
  .map(([frames, altered, cut]) => {
    const bytes = Buffer.concat([headerOf(SLOT), ...frames]);
    if (altered !== null) bytes[altered % bytes.length] = altered;
    return cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
  });

it("files of a gateway's state with lies whose checksums are right", async () => {
  const nothing = (): void => {};
  const clock = { elapsedMillis: () => 0, pause: async () => {} };
  const opened = () =>
    new SlotFile(SLOT, { directory: folder, clock, log: new StateLog(folder), onProgress: nothing });
  await fc.assert(
    fc.asyncProperty(file, async (bytes) => {
      writeFileSync(join(folder, slotName(SLOT)), bytes);
      const found = opened();
      await found.load(nothing);
      const batch = found.newBatch(1);
      batch.take({ kind: "series", id: "new", data: () => "whole" });
      await found.commit(batch);
      const loaded: unknown[] = [];
      expect(await opened().load(({ id, data }) => loaded.push([id, data]))).toBe(false);
      expect(loaded).toContainEqual(["new", "whole"]);
    }),
    { numRuns: runs(30) },
  );
});
