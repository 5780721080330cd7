import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { NORMAL_REASON } from "../../src/artifacts/described-gateway.ts";
import { pageAt } from "./pages.ts";

/** The members of a union of texts in the source, or the keys of a table, by its name. */
function namesOf(file: string, declared: string): string[] {
  const source = readFileSync(resolve(import.meta.dirname, "../../src", file), "utf8");
  const [, after = ""] = source.split(new RegExp(`\\b${declared}\\b[^=]*=\\s*`));
  const declaration = after.split(/;\n|\n\}/)[0] ?? "";
  const pattern = declaration.startsWith("{") ? /^ {2}(\w+):/gm : /"(\w+)"/g;
  return [...declaration.matchAll(pattern)].map(([, name = ""]) => name);
}

const refused = [
  ...namesOf("gateway/receivers/refusal.ts", "REASONS"),
  ...namesOf("gateway/remote/refused-request.ts", "type RefusalReason"),
  ...namesOf("wire/otlp/export-result.ts", "REJECTIONS"),
  ...namesOf("promql/api-error.ts", "type FailureReason"),
  ...namesOf("gateway/sources/pull-observer.ts", "type PullFailure"),
  "summary",
];
const dropped = [
  ...namesOf("gateway/streams/stream.ts", "type DroppedReason"),
  ...namesOf("gateway/receivers/partial-histogram.ts", "type PartDropReason"),
  ...namesOf("gateway/receivers/histogram-assembler.ts", "type BucketDropReason"),
  ...namesOf("gateway/receivers/written-points.ts", "type SampleDropReason"),
];

it("the runbooks say what to do about every reason", () => {
  expect(refused).toEqual(
    expect.arrayContaining(["overloaded", "bad_query", "no_name", "timeout", "missed"]),
  );
  expect(dropped).toEqual(expect.arrayContaining(["late", "not_owned", "max_buckets", "bad_labels"]));
  const missing = (page: string, reasons: readonly string[]): string[] =>
    reasons.filter((reason) => !pageAt(`docs/runbooks/${page}`).text.includes(`\`${reason}\``));
  expect(missing("gateway-refusing-points.md", refused)).toEqual([]);
  expect(missing("gateway-dropping-points.md", dropped)).toEqual([]);
});

it("every reason that fires no alert is one that the code has", () => {
  for (const pattern of NORMAL_REASON.split("|"))
    expect([...refused, ...dropped].filter((reason) => new RegExp(`^${pattern}$`).test(reason))).not.toEqual(
      [],
    );
});
