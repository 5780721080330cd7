import { expect, it } from "vitest";
import { readSlowMachineFile } from "../../src/system/machine-file.ts";
import { machineCopy } from "./machine-copy.ts";

it("reads a slow file once for all who ask while it is read, and again for who asks later", async () => {
  const { root, write } = machineCopy("host");
  write("proc/stat", "first");
  const read = readSlowMachineFile(root, "proc/stat");
  expect(readSlowMachineFile(root, "proc/stat")).toBe(read);
  expect(readSlowMachineFile(root, "proc/other")).not.toBe(read);
  expect(await read).toBe("first");
  write("proc/stat", "second");
  expect(await readSlowMachineFile(root, "proc/stat")).toBe("second");
});

it("asks again for a slow file that could not be read", async () => {
  const { root, write } = machineCopy("host");
  // A folder is no file.
  await expect(readSlowMachineFile(root, "proc")).rejects.toThrow("EISDIR");
  await expect(readSlowMachineFile(root, "proc")).rejects.toThrow("EISDIR");
  write("proc/stat", "text");
  expect(await readSlowMachineFile(root, "proc/stat")).toBe("text");
  expect(await readSlowMachineFile(root, "proc/none")).toBeUndefined();
});
