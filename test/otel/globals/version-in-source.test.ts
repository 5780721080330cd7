import { describe, expect, it } from "vitest";
import { apiVersionIn } from "../../../src/otel/globals/version-in-source.ts";

/** How bundlers write the part of the API that registers, as esbuild, rolldown and webpack did on 2026-11-27. */
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
      "behind it, by a short name",
      `var i=Symbol.for("opentelemetry.js.api."+n);${";".repeat(9000)}{r.d(t,{x:()=>n});var n="1.9.0"}`,
    ],
    [
      "in code for eval",
      String.raw`eval("var VERSION = '1.9.0';\nSymbol.for(\"opentelemetry.js.api.\" + major)")`,
    ],
    ["in a template", "const v=`1.9.0`,k=Symbol.for(`opentelemetry.js.api.$" + "{v}`)"],
    ["where the name is whole", 'x = "1.9.0"; Symbol.for("opentelemetry.js.api.1")'],
  ])("is found %s, among those of other packages", (_, bundle) => {
    expect(apiVersionIn(`${OTHERS}\n${bundle}\n${OTHERS}`, undefined)).toBe("1.9.0");
  });

  it("is that of the copy that calls, of several", () => {
    const source = `${esbuild("1.9.0")}${" ".repeat(9000)}${esbuild("1.4.1")}`;
    const lines = source.split("\n");
    const place = (from: number) => {
      const line = lines.findIndex((text, index) => index >= from && text.includes("api.version"));
      return { line: line + 1, column: (lines[line]?.indexOf("version") ?? 0) + 1 };
    };
    expect(apiVersionIn(source, place(0))).toBe("1.9.0");
    expect(apiVersionIn(source, place(6))).toBe("1.4.1");
  });

  it("is what it is compared with, where that is written there", () => {
    const source = 'VERSION = "1.30.1"; if(a.version!=="1.9.0")';
    expect(apiVersionIn(source, { line: 1, column: source.indexOf("version") + 1 })).toBe("1.9.0");
  });

  it("is unknown where there is none", () => {
    expect(apiVersionIn("", undefined)).toBeUndefined();
    expect(apiVersionIn(OTHERS, undefined)).toBeUndefined();
    expect(apiVersionIn("Symbol.for('opentelemetry.js.api.1')", undefined)).toBeUndefined();
  });
});
