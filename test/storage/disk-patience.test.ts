import { beforeEach, expect, it, vi } from "vitest";
import { Hurry } from "../../src/core/hurry.ts";
import { DiskPatience } from "../../src/storage/disk-patience.ts";
import { isWithin } from "../../src/storage/is-within.ts";
import { eventually } from "../eventually.ts";

vi.mock("../../src/storage/is-within.ts", () => ({ isWithin: vi.fn() }));

const never = new Promise<boolean>(() => {});
const inTime = async (_millis: number, work: Promise<unknown>): Promise<boolean> => work.then(() => true);
/** How long the disk was waited for, each time. */
const waited = (): number[] => vi.mocked(isWithin).mock.calls.map(([millis]) => millis);

let hurry: Hurry;
let patience: DiskPatience;

beforeEach(() => {
  vi.mocked(isWithin).mockReset().mockImplementation(inTime);
  hurry = new Hurry();
  patience = new DiskPatience(hurry);
});

/** Work with the disk that ends when it is asked to. */
function work(): { begin: () => Promise<void>; end: () => void; begun: number } {
  const it = {
    begun: 0,
    end: () => {},
    begin: () => {
      it.begun += 1;
      return new Promise<void>((resolve) => {
        it.end = resolve;
      });
    },
  };
  return it;
}

it("work that ends in time, or fails, is waited for, and can be begun again", async () => {
  const ends = vi.fn(async () => {});
  expect(await patience.begin(ends)).toBeUndefined();
  await expect(patience.begin(() => Promise.reject(new Error("EIO")))).rejects.toThrow("EIO");
  expect(await patience.begin(ends)).toBeUndefined();
  expect(ends).toHaveBeenCalledTimes(2);
  expect(waited()).toEqual([2000, 2000, 2000]);
});

it("work with a disk that does not answer goes on, and is neither waited for nor begun again until it ends", async () => {
  vi.mocked(isWithin).mockResolvedValue(false);
  const slow = work();
  expect(await patience.begin(slow.begin)).toBe("the disk has not answered for 2 s; collecting goes on");
  expect(await patience.begin(slow.begin)).toBeUndefined();
  expect([slow.begun, waited()]).toEqual([1, [2000]]);
  slow.end();
  await eventually(async () => {
    await patience.begin(slow.begin);
    expect(slow.begun).toBe(2);
  });
});

it("a disk that answers is waited for, however long the work takes", async () => {
  vi.mocked(isWithin)
    .mockImplementationOnce(async () => {
      patience.answered();
      return false;
    })
    .mockImplementationOnce(async () => {
      patience.answered();
      return false;
    })
    .mockResolvedValueOnce(false);
  expect(await patience.begin(work().begin)).toBe("the disk has not answered for 2 s; collecting goes on");
  expect(waited()).toEqual([2000, 2000, 2000]);
});

it("in a hurry the disk is waited for shortly", async () => {
  vi.mocked(isWithin).mockResolvedValue(false);
  hurry.begin();
  expect(await patience.begin(work().begin)).toBe("the disk has not answered for 0.5 s; collecting goes on");
  expect(waited()).toEqual([500]);
});

it("a hurry that begins meanwhile shortens the wait", async () => {
  vi.mocked(isWithin).mockReturnValueOnce(never).mockResolvedValueOnce(false);
  const begun = patience.begin(work().begin);
  hurry.begin();
  expect(await begun).toBe("the disk has not answered for 0.5 s; collecting goes on");
  expect(waited()).toEqual([2000, 500]);
});
