import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

it("npm run bench:state saves and loads the state of a gateway", () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--expose-gc", "bench/gateway/state.mjs", "--series", "20", "--minutes", "3"],
    { cwd: root, encoding: "utf8" },
  );
  expect(stdout, stderr).toMatch(/^20 series loaded; -?\d+ bytes of memory for each saved series$/m);
  for (const name of ["save all", "save again, nothing has changed", "save again, all have changed", "load"])
    expect(stdout).toMatch(new RegExp(`^${name} +\\d`, "m"));
  expect(stdout).toMatch(/^save again, nothing has changed +\S+ +\S+ +0\.00 /m);
});
