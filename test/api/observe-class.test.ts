import { beforeEach, expect, it, vi } from "vitest";
import { type ClassObservedFramework, observeClass } from "../../src/api/observe-class.ts";
import { addLoadedClass } from "../../src/observe/work/loaded-class.ts";

vi.mock("../../src/observe/work/loaded-class.ts", async (importOriginal) => ({
  ...(await importOriginal<typeof import("../../src/observe/work/loaded-class.ts")>()),
  addLoadedClass: vi.fn(),
}));

class Framework {}
const observed = (): unknown[] =>
  vi.mocked(addLoadedClass).mock.calls.map(([{ className }, loaded]) => [className, loaded]);

beforeEach(() => {
  vi.mocked(addLoadedClass).mockClear();
});

it.each([
  ["langchain", "CallbackManager"],
  ["mastra", "BaseObservabilityInstance"],
  ["mcp", "Protocol"],
] as const)("a class of %s is observed as its %s", (framework, className) => {
  observeClass(framework, Framework);
  expect(observed()).toEqual([[className, Framework]]);
});

it.each([
  [
    "vercel",
    Framework,
    "observeClass: framework must be one of langchain, mastra, mcp, openai, anthropic, google-genai, got",
  ],
  [
    "constructor",
    Framework,
    "observeClass: framework must be one of langchain, mastra, mcp, openai, anthropic, google-genai, got",
  ],
  [
    7,
    Framework,
    "observeClass: framework must be one of langchain, mastra, mcp, openai, anthropic, google-genai, got 7",
  ],
  ["mcp", new Framework(), "observeClass: the class of mcp must be Protocol, got"],
  ["openai", Framework, "observeClass: the class of openai must be OpenAI, got"],
  ["anthropic", undefined, "observeClass: the class of anthropic must be Anthropic, got undefined"],
  ["langchain", undefined, "observeClass: the class of langchain must be CallbackManager, got undefined"],
])("%s is refused with %s", (framework, given, message) => {
  const call = () => observeClass(framework as ClassObservedFramework, given as typeof Framework);
  expect(call).toThrow(TypeError);
  expect(call).toThrow(`otel-forecast: ${message}`);
  expect(observed()).toEqual([]);
});
