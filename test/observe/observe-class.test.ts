import { CallbackManager } from "@langchain/core/callbacks/manager";
import { Protocol as ClientProtocol } from "@modelcontextprotocol/client";
import { Protocol } from "@modelcontextprotocol/sdk/shared/protocol.js";
import { Protocol as ServerProtocol } from "@modelcontextprotocol/server";
import { describe, expect, it, onTestFinished } from "vitest";
import { observeClass } from "../../src/index.ts";
import { CALLBACK_MANAGER } from "../../src/observe/langchain/langchain.ts";
import { PROTOCOL } from "../../src/observe/mcp/mcp-observer.ts";
import { awaitClass } from "../../src/observe/work/loaded-class.ts";

describe("a class whose loading was not noticed", () => {
  it("is passed to the listeners once, also to a later one", () => {
    const told: unknown[] = [];
    onTestFinished(awaitClass(CALLBACK_MANAGER, (loaded) => told.push(loaded)));
    told.splice(0);
    const copy = class extends CallbackManager {};
    observeClass("langchain", copy);
    observeClass("langchain", copy);
    expect(told).toEqual([copy]);
    const later: unknown[] = [];
    onTestFinished(awaitClass(CALLBACK_MANAGER, (loaded) => later.push(loaded)));
    expect(later).toContain(copy);
  });

  it("may be one of several copies that the SDKs export", () => {
    const told: unknown[] = [];
    onTestFinished(awaitClass(PROTOCOL, (loaded) => told.push(loaded)));
    for (const copy of [Protocol, ClientProtocol, ServerProtocol]) observeClass("mcp", copy);
    expect(new Set(told)).toEqual(new Set([Protocol, ClientProtocol, ServerProtocol]));
  });

  it.for([
    [
      "toString",
      CallbackManager,
      "otel-forecast: observeClass: framework must be one of langchain, mastra, mcp, openai, anthropic, google-genai, got toString",
    ],
    ["mcp", undefined, "otel-forecast: observeClass: the class of mcp must be Protocol, got undefined"],
  ] as const)("is refused where it is none: %s", ([framework, given, message]) => {
    expect(() => observeClass(framework as "mcp", given as unknown as typeof CallbackManager)).toThrow(
      new TypeError(message),
    );
  });
});
