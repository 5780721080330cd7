import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { MAX_CONFIG_BYTES, readConfigFile, readConfigFileLater } from "../../src/config/read-config-file.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-forecast-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(content: string | Uint8Array): string {
  const file = join(folder, "conf.yaml");
  writeFileSync(file, content);
  return file;
}

describe("a configuration file", () => {
  it("may be UTF-8, or UTF-16 as PowerShell writes it", () => {
    const text = "method: naive # é\n";
    for (const content of [text, Buffer.from(`\uFEFF${text}`, "utf16le"), ""])
      expect(readConfigFile(written(content))).toBe(content === "" ? "" : text);
  });

  it.each([
    ["at once", async (path: string) => readConfigFile(path)],
    ["later", readConfigFileLater],
  ])("that is read %s is named if it can't be read, and has the same limit", async (_, read) => {
    const longest = "#".repeat(MAX_CONFIG_BYTES);
    expect(await read(written(longest))).toBe(longest);
    await expect(read(written(`${longest}#`))).rejects.toThrow("conf.yaml is longer than 1 MiB");
    await expect(read(folder)).rejects.toMatchObject({
      message: `${folder} is a folder, not a file`,
      code: "EISDIR",
    });
    await expect(read(join(folder, "none"))).rejects.toThrow(/ENOENT.*none/);
  });

  it("may be as long as the maximum, and no longer", () => {
    const longest = "#".repeat(MAX_CONFIG_BYTES);
    expect(readConfigFile(written(longest))).toBe(longest);
    const file = written(`${longest}#`);
    expect(() => readConfigFile(file)).toThrow(`${file} is longer than 1 MiB`);
  });

  it.runIf(existsSync("/dev/zero"))("may be without an end", () => {
    expect(() => readConfigFile("/dev/zero")).toThrow("/dev/zero is longer than 1 MiB");
  });

  it.runIf(existsSync("/dev/stdin"))("may be a pipe, which the command `check` reads once", () => {
    const cli = join(import.meta.dirname, "../../src/cli.ts");
    const command = ["-c", `echo 'method: naive' | "$0" --no-warnings "$1" check /dev/stdin`];
    const { stdout, status } = spawnSync("sh", [...command, process.execPath, cli], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\/dev\/stdin: 0 views/);
  });
});
