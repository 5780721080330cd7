import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { anchorOf, pageAt, pages } from "./pages.ts";

const root = resolve(import.meta.dirname, "../..");
const { text } = pageAt("docs/command-line.md");

function run(args: readonly string[], input = ""): string {
  return execFileSync(process.execPath, ["dist/cli.cjs", ...args], { cwd: root, input, encoding: "utf8" });
}

const commands = [...run(["--help"]).matchAll(/^ {2}([a-z]+)( \[|\s{2})/gm)]
  .map(([, command = ""]) => command)
  .filter((command) => command !== "help");

it.for(commands)("%s is described, with every option", (command) => {
  expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading))).toContain(command);
  const options = [...run([command, "--help"]).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(
    ([, option = ""]) => option,
  );
  expect(options).toContain("--help");
  expect(options.filter((option) => !text.includes(option))).toEqual([]);
});

it.for(pages)("$path names commands that exist", ({ text }) => {
  const named = [...text.matchAll(/npx otel-forecast(?:@\S+)? ([a-z][a-z-]*)/g)].map(
    ([, command = ""]) => command,
  );
  expect(named.filter((command) => ![...commands, "help"].includes(command))).toEqual([]);
});

it("the forecast that is shown is the forecast that is given", () => {
  const [, input = ""] = /^ {4}echo '(.*)' \| npx otel-forecast forecast$/m.exec(text) ?? [];
  const [, output = "{}"] = /^ {4}(\{"id":"a","mean".*)$/m.exec(text) ?? [];
  const shown = JSON.parse(output);
  const given = JSON.parse(run(["forecast"], `${input}\n`));
  expect(Object.keys(given)).toEqual(Object.keys(shown));
  for (const key of ["mean", "lo80", "hi80", "lo95", "hi95"])
    for (const [step, value] of shown[key].entries()) expect(given[key][step]).toBeCloseTo(value, 4);
});
