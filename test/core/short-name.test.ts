import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fingerprint,
  MAX_NAME_LENGTH,
  shortName,
  shortText,
  withShortNames,
} from "../../src/core/short-name.ts";

describe("a short name", () => {
  it("is the name, or the start of a long name", () => {
    expect(shortName("planner")).toBe("planner");
    expect(shortName("x".repeat(1000))).toBe("x".repeat(MAX_NAME_LENGTH));
  });
});

describe("a short text", () => {
  it("is the text itself if that is short", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        expect(shortText(text, 40)).toBe(text);
      }),
    );
  });

  it("is the text itself at the maximum length, and ends in a hash above it", () => {
    expect(shortText("x".repeat(40), 40)).toBe("x".repeat(40));
    expect(shortText("x".repeat(41), 40)).toMatch(/^x{25}#[0-9a-f]{14}$/);
  });

  it("has the maximum length, and differs if the texts differ", () => {
    const long = fc.string({ minLength: 60, maxLength: 3000 });
    fc.assert(
      fc.property(long, long, (one, other) => {
        expect(shortText(one, 40)).toHaveLength(40);
        expect(shortText(one, 40) === shortText(other, 40)).toBe(one === other);
      }),
    );
  });

  it("differs if the texts differ only in length, in their start or in their end", () => {
    const texts = ["a".repeat(5000), "a".repeat(5001), `${"a".repeat(4999)}b`, `b${"a".repeat(4999)}`];
    expect(new Set(texts.map((text) => shortText(text, 40))).size).toBe(4);
  });
});

describe("a record with short names", () => {
  const names = ["agentName", "taskType", "errorType", "failureType", "recoveryAction"];

  it.each([
    ...names.map((field) => [field, 120] as const),
    ["taskId", 200] as const,
    ["failureId", 200] as const,
  ])("has a %s of at most %i characters", (field, most) => {
    const cut: string[] = [];
    const record = (length: number) => ({ success: true, [field]: "x".repeat(length) });
    const fits = record(most);
    expect(withShortNames(fits, (it) => cut.push(it))).toBe(fits);
    expect(cut).toEqual([]);
    const given = record(most + 1);
    const short = withShortNames(given, (it) => cut.push(it));
    expect(short).toEqual({ success: true, [field]: expect.stringMatching(/^x+(#[0-9a-f]{14})?$/) });
    expect(short[field]).toHaveLength(most);
    expect(given[field]).toHaveLength(most + 1);
    expect(cut).toEqual([field]);
  });

  it.each([null, undefined, "x".repeat(1000), 5])("is whatever it is if it is no record: %s", (given) => {
    const cut: string[] = [];
    expect(withShortNames(given as unknown as object, (it) => cut.push(it))).toBe(given);
    expect(cut).toEqual([]);
  });

  it("has a hash in an id that was cut", () => {
    expect(withShortNames({ taskId: "x".repeat(201) }, () => {}).taskId).toMatch(/^x{185}#[0-9a-f]{14}$/);
  });
});

describe("a fingerprint", () => {
  /**
   * Values from the author's page of cyrb53, with seed 0:
   * https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js
   */
  it("is that of cyrb53", () => {
    expect(fingerprint("a")).toBe(7929297801672961);
    expect(fingerprint("b")).toBe(8684336938537663);
    expect(fingerprint("revenge")).toBe(4051478007546757);
    expect(fingerprint("revenue")).toBe(8309097637345594);
  });

  it("is a whole number of at least 1, and differs for 100,000 similar ids", () => {
    const all = new Set<number>();
    for (let id = 0; id < 100_000; id += 1) all.add(fingerprint(`task-${id}`));
    expect(all.size).toBe(100_000);
    expect([...all].every((it) => Number.isSafeInteger(it) && it > 0)).toBe(true);
  });
});
