import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { YieldingClock } from "../../../src/core/yielding-runner.ts";
import { readHistory } from "../../../src/run/history/read-history.ts";
import { type HistoryRecord, MAX_LINE_BYTES } from "../../../src/run/history/record-lines.ts";
import { bytesOf } from "../../../src/run/history/write-history.ts";
import { randomFrom, withTurnedBit } from "../../harness/random-from.ts";

const FLIPS = 10_000;
const SEQUENCE = 7;
const clock: YieldingClock = { elapsedMillis: () => 0, pause: async () => {} };

/** A small history, each record of which differs from the others. */
const records: HistoryRecord[] = [
  { kind: "today", value: { own: [{ agent: "planner", lastUsedAt: 1, tokens: 10_000 }], members: [] } },
  ...[1, 2, 3].map((number) => ({
    kind: "series",
    value: {
      key: { metric: "cpu", labels: { agent: `é${number}` } },
      fold: "mean",
      tiers: [
        { stepSeconds: 10, originMillis: 0, slot: 9, values: Float64Array.of(number, Number.NaN, -0.1) },
      ],
    },
  })),
];
const whole = bytesOf(SEQUENCE, records);

let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-damaged-"));
  path = join(folder, "history");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(
  bytes: Uint8Array,
): Promise<{ taken: HistoryRecord[]; damage: string | undefined; state: string }> {
  writeFileSync(path, bytes);
  const taken: HistoryRecord[] = [];
  const reading = await readHistory(path, clock, (record) => taken.push(record));
  return { taken, state: reading.state, damage: reading.state === "read" ? reading.damage : undefined };
}

/** Whether what was taken are records that were written, in their order. */
function isUnaltered(taken: readonly HistoryRecord[]): boolean {
  let next = 0;
  return taken.every((record) => {
    const found = records.findIndex((one, index) => index >= next && sameRecord(one, record));
    next = found + 1;
    return found >= 0;
  });
}

const textOf = (record: HistoryRecord): string =>
  JSON.stringify(record, (_key, value) => (value instanceof Float64Array ? [...value].map(String) : value));
const texts = new Map(records.map((record) => [record, textOf(record)]));
const sameRecord = (one: HistoryRecord, other: HistoryRecord): boolean => texts.get(one) === textOf(other);

describe("a history file", () => {
  it("is read as it was written", async () => {
    const { taken, damage } = await read(whole);
    expect(taken).toEqual(records);
    expect(damage).toBeUndefined();
  });

  it("that is cut at any byte loses nothing that is whole, takes nothing else, and is damaged", async () => {
    for (let length = 0; length < whole.length; length += 1) {
      const { taken, damage } = await read(whole.subarray(0, length));
      expect(isUnaltered(taken), `cut at ${length}`).toBe(true);
      const wholeLines =
        whole
          .subarray(0, length + 1)
          .toString()
          .split("\n").length - 2;
      expect(taken.length, `cut at ${length}`).toBe(Math.min(records.length, Math.max(0, wholeLines)));
      // Without the last newline nothing is missing.
      if (length < whole.length - 1) expect(damage, `cut at ${length}`).toBeDefined();
    }
  });

  it(`in which a bit is turned, ${FLIPS} times, never gives an altered number, and is damaged`, async () => {
    const random = randomFrom(12);
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const { bytes, at, where } = withTurnedBit(whole, random);
      const { taken, damage, state } = await read(bytes);
      expect(state, where).toBe("read");
      expect(isUnaltered(taken), where).toBe(true);
      // At most the two records around a newline are lost.
      expect(taken.length, where).toBeGreaterThanOrEqual(records.length - 2);
      const isOnlyEnd = at === whole.length - 1 && taken.length === records.length;
      if (!isOnlyEnd) expect(damage, where).toBeDefined();
    }
  });

  it("is damaged in the way that its parts are missing or altered", async () => {
    const lines = whole.toString().split("\n").slice(0, -1);
    const [header, first, second, third] = lines;
    const end = lines.at(-1);
    const damageOf = async (...left: (string | undefined)[]) =>
      (await read(Buffer.from(`${left.join("\n")}\n`))).damage;
    expect((await read(Buffer.alloc(0))).damage).toBe("it is empty");
    expect(await damageOf(...lines.slice(1))).toBe("its beginning is missing");
    expect(await damageOf(...lines.slice(0, -1))).toBe("its end is missing");
    expect(await damageOf(...lines.slice(1, -1))).toBe("its end is missing");
    expect(await damageOf(header, first, second, third, end)).toBe("1 record is missing");
    expect(await damageOf(header, first, end)).toBe("3 records are missing");
    expect(await damageOf("x", ...lines)).toBe("1 line is altered");
    expect(await damageOf("x", ...lines.slice(1))).toBe("1 line is altered");
    expect(await damageOf("x", "y", ...lines.slice(0, -1))).toBe("2 lines are altered, its end is missing");
    expect(await damageOf(...lines, first)).toBe("1 line is altered");
  });

  it.each([
    ["{", 600],
    ["x", 250],
  ] as const)(
    "that begins with %j and has no end is damaged, and takes little memory",
    async (first, mebibytes) => {
      writeFileSync(path, first);
      truncateSync(path, mebibytes * 2 ** 20);
      let most = 0;
      const look = (): void => {
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      };
      const before = process.memoryUsage().arrayBuffers;
      const reading = await readHistory(path, clock, () => {}, look);
      look();
      expect(reading).toMatchObject({
        state: "read",
        damage: expect.stringMatching(/too long|1 line is altered/),
      });
      expect(most - before).toBeLessThan(200 * 2 ** 20);
    },
  );

  it("in which a line is too long loses that line only", async () => {
    const long = Buffer.alloc(MAX_LINE_BYTES + 1, "x");
    const [header, ...others] = whole
      .toString()
      .split("\n")
      .map((line) => Buffer.from(`${line}\n`));
    const { taken, damage } = await read(
      Buffer.concat([header as Buffer, long, Buffer.from("\n"), ...others.slice(0, -1)]),
    );
    expect(taken).toEqual(records);
    expect(damage).toBe("1 line is altered");
  });

  it("leaves nothing behind", () => {
    expect(readdirSync(folder)).toEqual(["history"]);
    expect(readFileSync(path).length).toBeGreaterThan(0);
  });
});
