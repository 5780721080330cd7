import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { ANTHROPIC, GOOGLE, OPENAI } from "../../../src/observe/provider-sdks/sdk.ts";
import { OPENAI_TOOL_LOOP } from "../../../src/observe/provider-sdks/tool-loop.ts";
import { fileOf } from "../../../src/observe/work/file-of-package.ts";

const isGauge = fileOf("@weather/gauges", /dist\/gauge\.m?js/);

/** The URL of a file in a folder that has this package.json. */
function installed(folder: string, packageJson: string | undefined, file = "dist/gauge.js"): string {
  const root = mkdtempSync(join(tmpdir(), "file-of-package-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, folder), { recursive: true });
  if (packageJson !== undefined) writeFileSync(join(root, folder, "package.json"), packageJson);
  return `${pathToFileURL(join(root, folder))}/${file}`;
}

it.each([
  "file:///app/node_modules/@weather/gauges/dist/gauge.js",
  "file:///app/node_modules/.pnpm/@weather+gauges@1.0.0_x@2/node_modules/@weather/gauges/dist/gauge.mjs",
  "file:///repository/@weather/gauges/dist/gauge.mjs",
])("a file of a package is known by its URL: %s", (url) => {
  expect(isGauge(url)).toBe(true);
});

it.each([
  "file:///app/node_modules/@weather/gauges/dist/gauge.json",
  "file:///app/node_modules/@weather/gauges/dist/other.js",
  "file:///app/node_modules/gauges/dist/gauge.js",
  "file:///app/dist/gauge.js",
  "node:fs",
  "https://weather.example/node_modules/gauges/dist/gauge.js",
])("another file is none: %s", (url) => {
  expect(isGauge(url)).toBe(false);
});

it.each(["node_modules/old-gauges", "node_modules/@app/old-gauges", "node_modules/a/node_modules/b"])(
  "a package that is installed under another name is known by its package.json: %s",
  (folder) => {
    expect(isGauge(installed(folder, '{"name":"@weather/gauges"}'))).toBe(true);
  },
);

it.each<readonly [string, string | undefined]>([
  ["node_modules/gauges", '{"name":"gauges"}'],
  ["node_modules/gauges", "{"],
  ["node_modules/gauges", "null"],
  ["node_modules/gauges", undefined],
  ["app", '{"name":"@weather/gauges"}'],
])("a folder of something else is none: %s with %s", (folder, packageJson) => {
  expect(isGauge(installed(folder, packageJson))).toBe(false);
});

it("the classes of the providers' SDKs are known in packages under other names", () => {
  const files = {
    openai: [
      "resources/chat/completions/completions.mjs",
      "resources/responses/responses.js",
      "resources/beta/responses/responses.js",
      "resources/completions.js",
      "resources/decisions.js",
      "resources/embeddings.mjs",
    ],
    "@anthropic-ai/sdk": ["resources/messages/messages.mjs", "resources/beta/messages/messages.js"],
    "@google/genai": [...Array(5).fill("dist/node/index.mjs")],
  };
  for (const { packageName, resources, streams } of [OPENAI, ANTHROPIC, GOOGLE]) {
    const isKnown = (awaited: (typeof resources)[number] | typeof streams, file: string) =>
      awaited?.isDefinedAt(installed("node_modules/old", JSON.stringify({ name: packageName }), file));
    const known = resources.map((it, index) => isKnown(it, files[packageName as keyof typeof files][index]));
    expect(known).toEqual(resources.map(() => true));
    if (streams !== undefined) expect(isKnown(streams, "core/streaming.mjs")).toBe(true);
  }
  const file = "lib/AbstractChatCompletionRunner.mjs";
  expect(OPENAI_TOOL_LOOP.isDefinedAt(installed("node_modules/old", '{"name":"openai"}', file))).toBe(true);
});

it.each(["index.mjs", "index.cjs", "index.js", "node/index.cjs", "web/index.mjs"])(
  "Google's SDK is known by its build dist/%s, as conditions of imports choose it",
  (file) => {
    const url = installed("node_modules/@google/genai", "{}", `dist/${file}`);
    expect(GOOGLE.resources.map(({ isDefinedAt }) => isDefinedAt(url))).toEqual(
      GOOGLE.resources.map(() => true),
    );
  },
);
