import { describe, expect, it } from "vitest";
import { apiVersionIn, apiVersionOfCaller } from "../../../src/otel/globals/api-version.ts";

/**
 * The part of the API that registers, as the bundlers esbuild, rolldown and webpack wrote it on
 * 2026-11-27.
 */
const esbuild = (version: string): string => `
var VERSION = "${version}";
var GLOBAL_OPENTELEMETRY_API_KEY = Symbol.for("opentelemetry.js.api." + major);
${" ".repeat(5000)}
    if (api.version !== VERSION) {
`;
const OTHERS = [
  'var VERSION2 = "1.30.1";',
  'pkg = { name: "@grpc/grpc-js", version: "1.14.7" };',
  '* @example ["1.2.3.4", "1.2.3.5"]',
  'Symbol.for("io.opentelemetry.js.api.logs")',
].join("\n".repeat(3000));

describe("the version of the API in a bundle", () => {
  it.each([
    ["before the name of the global object", esbuild("1.9.0")],
    [
      "after it, with a short name",
      `var i=Symbol.for("opentelemetry.js.api."+n);${";".repeat(9000)}{r.d(t,{x:()=>n});var n="1.9.0"}`,
    ],
    [
      "in code for eval",
      String.raw`eval("var VERSION = '1.9.0';\nSymbol.for(\"opentelemetry.js.api.\" + major)")`,
    ],
    ["in a template", "const v=`1.9.0`,k=Symbol.for(`opentelemetry.js.api.$" + "{v}`)"],
    ["beside an unsplit name", 'x = "1.9.0"; Symbol.for("opentelemetry.js.api.1")'],
  ])("is found %s, among the versions of other packages", (_, bundle) => {
    expect(apiVersionIn(`${OTHERS}\n${bundle}\n${OTHERS}`, undefined)).toBe("1.9.0");
  });

  it("is that of the calling copy, if there are several", () => {
    const source = `${esbuild("1.9.0")}${" ".repeat(9000)}${esbuild("1.4.1")}`;
    const lines = source.split("\n");
    const place = (from: number) => {
      const line = lines.findIndex((text, index) => index >= from && text.includes("api.version"));
      return { line: line + 1, column: (lines[line]?.indexOf("version") ?? 0) + 1 };
    };
    expect(apiVersionIn(source, place(0))).toBe("1.9.0");
    expect(apiVersionIn(source, place(6))).toBe("1.4.1");
  });

  it("is the one in the comparison at the place of the call", () => {
    const source = 'VERSION = "1.30.1"; if(a.version!=="1.9.0")';
    expect(apiVersionIn(source, { line: 1, column: source.indexOf("version") + 1 })).toBe("1.9.0");
  });

  it("is unknown if there is none", () => {
    expect(apiVersionIn("", undefined)).toBeUndefined();
    expect(apiVersionIn(OTHERS, undefined)).toBeUndefined();
    expect(apiVersionIn("Symbol.for('opentelemetry.js.api.1')", undefined)).toBeUndefined();
  });
});

describe("the version of the API of the caller", () => {
  const boundary = (): string | undefined => apiVersionOfCaller(boundary);
  const source = `const VERSION = "1.9.3";
export const call = (boundary) => boundary();
`;

  it.each([
    ["percent-encoded", `data:text/javascript,${encodeURIComponent(source)}`],
    ["in base64", `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`],
  ])("is found in a module that is a data URL, %s", async (_, url) => {
    expect((await import(/* @vite-ignore */ url)).call(boundary)).toBe("1.9.3");
  });

  it("is that of the copy at the line and column of the call", async () => {
    const indented = `${" ".repeat(3000)}${source.replace("\n", "")}`;
    const bundle = `${indented}${"\n".repeat(3200)}const OTHER_VERSION = "1.4.1";`;
    const url = `data:text/javascript,${encodeURIComponent(bundle)}`;
    expect((await import(/* @vite-ignore */ url)).call(boundary)).toBe("1.9.3");
  });
});
