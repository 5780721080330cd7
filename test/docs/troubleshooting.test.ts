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
    / (?:are|is) not (?:known|observed|served)|are counted$/.test(inline) ||
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

/** The texts of calls that log at the levels warn and error. What differs is replaced by "...". */
const logged = [...code.matchAll(/(?:\blog\.(?:warn|error)|\bwarn|\blogFirst)\(\s*(["`].*)/g)].map(
  ([, text = ""]) => withoutValues(text),
);

/** The constant parts of the literal with which a source text begins. */
function withoutValues(source: string): string {
  const quote = source.charAt(0);
  let text = "";
  let depth = 0;
  for (let at = 1; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (depth === 0 && character === quote) break;
    if (quote === "`" && source.startsWith("${", at)) {
      if (depth === 0) text += "...";
      depth += 1;
      at += 1;
    } else if (depth === 0) text += character;
    else if (character === "}") depth -= 1;
  }
  return text;
}

/** Whether the constant parts of a quoted line are parts of a text, in their order. */
function isQuoteOf(text: string, quote: string): boolean {
  let from = 0;
  for (const part of quote.split("...").map((part) => part.trim())) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return quote.replaceAll(/[^a-z]/gi, "").length >= "skipped".length;
}

it("finds the texts of log lines", () => {
  expect(logged.length).toBeGreaterThan(30);
  expect(logged).toContain("alert ... (...) fires: ...");
  expect(isQuoteOf("... must be ..., got ...; using ... instead", "... must be ..., got ...; ...")).toBe(
    true,
  );
  expect(isQuoteOf("... is not observed: ...", "... must be ..., got ...")).toBe(false);
});

// A text of fewer words passes on the text of another.
it.for(logged.filter((text) => /[a-z]{3}.*[a-z]{3}/i.test(text) && text !== "the history file ... ..."))(
  "the page has an entry for %s",
  (text) => {
    expect(quoted.filter((quote) => isQuoteOf(text, quote))).not.toEqual([]);
  },
);

it("every symptom has a check", () => {
  const sections = text.split(/^## /m).slice(1);
  expect(sections.length).toBeGreaterThan(10);
  const withoutCheck = sections.filter((section) => !/^ {4}\S|Check the log/m.test(section));
  expect(withoutCheck).toEqual([]);
});
