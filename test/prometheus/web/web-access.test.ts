import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebAccess } from "../../../src/prometheus/web/web-access.ts";
import type { WebConfig } from "../../../src/prometheus/web/web-config.ts";

const CONFIG = {} as WebConfig;
let now: number;
/** What is wrong in the file; `undefined`: it can be used. */
let wrong: string | undefined;
let reads: number;
let access: WebAccess;

beforeEach(() => {
  [now, wrong, reads] = [5000, undefined, 0];
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const read = async () => {
    reads += 1;
    if (wrong !== undefined) throw new Error(wrong);
    return { config: CONFIG, files: [] };
  };
  access = new WebAccess({ path: "missing.yml", read }, { rejects: () => undefined, onReadAgain: () => {} });
});
afterEach(() => void vi.restoreAllMocks());

it("a file that can't be used is read again after a second, and then used", async () => {
  wrong = "it is empty";
  await expect(access.current()).rejects.toThrow("it is empty");
  now += 999;
  wrong = undefined;
  await expect(access.current()).rejects.toThrow("it is empty");
  expect(reads).toBe(1);
  now += 1;
  expect(await access.current()).toBe(CONFIG);
  expect([reads, access.latest]).toEqual([2, CONFIG]);
});

it("a file that can be used is read again only when it has changed", async () => {
  for (let times = 0; times < 3; times += 1) expect(await access.current()).toBe(CONFIG);
  now += 3_600_000;
  expect(await access.current()).toBe(CONFIG);
  expect(reads).toBe(1);
});
