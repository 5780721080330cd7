import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { pageAt } from "./pages.ts";

const root = resolve(import.meta.dirname, "../..");
const { text } = pageAt("docs/troubleshooting.md");

/** The code, with what a log line is put together from in one piece. */
const code = ["src", "instrumentation"]
  .flatMap((folder) =>
    readdirSync(resolve(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => readFileSync(resolve(root, folder, path), "utf8")),
  )
  .join("\n")
  .replaceAll(/["`] \+\s*["`]/g, "")
  .replaceAll("\\`", "`");

/** Log lines of the page: whole ones in blocks, and in tables those that say what the log has. */
const quoted = [
  ...[...text.matchAll(/^```text\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n")),
  ...[...text.matchAll(/(?<!`)`([^`\n]*)`/g)].map(([, inline = ""]) => inline).filter(isLogLine),
].map((line) => line.replace(/^\[\w+\] otel-forecast: /, ""));

/** Words with something left out, or a sentence. */
function isLogLine(inline: string): boolean {
  return (
    (/\.\.\..*\w|\w.*\.\.\./.test(inline) && !inline.startsWith("telemetry:")) ||
    / (?:are|is) not (?:known|served)|are counted$/.test(inline) ||
    /^(?:cannot listen on|needs Node|dropping series|skipped)$/.test(inline)
  );
}

it("quotes log lines", () => {
  expect(quoted.length).toBeGreaterThan(25);
  for (const words of ["needs Node", "cannot listen on", "dropping series", "would have run", "history file"])
    expect(quoted.filter((line) => line.includes(words))).not.toEqual([]);
});

it.for(quoted)("the code has the log line %s", (line) => {
  const constant = line
    .replace("http://localhost:9464", "...")
    .split("...")
    .map((part) => part.trim())
    .filter((part) => /[a-z]{2}/i.test(part));
  expect(constant).not.toEqual([]);
  expect(constant.filter((part) => !code.includes(part))).toEqual([]);
});

it("every symptom has a check", () => {
  const sections = text.split(/^## /m).slice(1);
  expect(sections.length).toBeGreaterThan(10);
  const withoutCheck = sections.filter((section) => !/^ {4}\S|Check the log/m.test(section));
  expect(withoutCheck).toEqual([]);
});
