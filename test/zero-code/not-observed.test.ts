import { expect, it } from "vitest";
import { notObservedUnder } from "../../src/zero-code/not-observed.ts";

const ONLY_CLASSES = "LangGraph, Mastra, MCP and the SDKs of providers are observed only by observeClass()";

it.each([
  [{ bun: "1.3.1" }, "under Bun 1.3.1", "HTTP requests"],
  [{ deno: "2.5.0" }, "under Deno 2.5.0", "requests to Deno.serve"],
])("with %j, what is not observed is said", (versions, where, requests) => {
  expect(notObservedUnder(versions)).toBe(
    `${where}, ${ONLY_CLASSES}; ${requests} and garbage collections are not measured`,
  );
});
