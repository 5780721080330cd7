import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { observeFrameworks } from "../../src/run/observe-frameworks.ts";
import { Runtime } from "../../src/run/runtime.ts";
import { WorkBench } from "./bench-of-work.ts";
import { a2a } from "./contract/a2a.ts";
import { acp } from "./contract/acp.ts";
import { langGraph } from "./contract/langgraph.ts";
import { mcp } from "./contract/mcp.ts";
import { openAiRealtime } from "./contract/openai-realtime.ts";
import { piAgentCore } from "./contract/pi-agent-core.ts";
import type { Framework } from "./contract/script.ts";
import { toolLoop } from "./contract/tool-loop.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** The methods of a framework's classes, static ones too. */
function methodsOf({ classes = [] }: Framework): { owner: object; name: string; method: AnyFunction }[] {
  const owners = classes.flatMap((it): object[] => [it, it.prototype]);
  return owners.flatMap((owner) =>
    Object.getOwnPropertyNames(owner)
      .map((name) => ({ owner, name, method: Object.getOwnPropertyDescriptor(owner, name)?.value }))
      .filter(({ name, method }) => name !== "constructor" && typeof method === "function"),
  );
}

/** How many listeners wait for classes that are loaded later. */
function waitingListeners(): number {
  const kept = Object.getOwnPropertySymbols(globalThis).map((key) => Reflect.get(globalThis, key));
  return kept.reduce((sum, it) => sum + (it?.listeners instanceof Set ? it.listeners.size : 0), 0);
}

/** Their observers look themselves whether they have stopped. Of the others, the work records nothing any more. */
const LOOKING = [openAiRealtime, ...mcp, acp, a2a];

describe.each([...LOOKING, langGraph, piAgentCore, toolLoop])(
  "the classes of $title after a stop",
  (framework) => {
    let bench: WorkBench;
    let before: ReturnType<typeof methodsOf>;
    let observer: { stop(): void };

    beforeEach(() => {
      bench = new WorkBench();
      before = methodsOf(framework);
      observer = framework.observe(bench);
    });
    afterEach(() => {
      observer.stop();
      for (const { owner, name, method } of before) Object.assign(owner, { [name]: method });
    });

    it("have their own methods again, and no other copy is waited for", () => {
      expect(methodsOf(framework)).not.toEqual(before);
      observer.stop();
      expect(methodsOf(framework)).toEqual(before);
      expect(waitingListeners()).toBe(0);
    });

    it.runIf(LOOKING.includes(framework))(
      "report nothing, though others keep the methods that observed them",
      async () => {
        for (const { owner, name, method } of methodsOf(framework)) {
          const passOn: AnyFunction = function (...args) {
            return method.apply(this, args);
          };
          Object.defineProperty(owner, name, { value: passOn, configurable: true, writable: true });
        }
        observer.stop();
        await framework.run({ agent: "planner", tools: [async () => "found"] });
        expect(bench.agentNames).toEqual([]);
      },
    );
  },
);

it("no observer waits for classes after the stop", () => {
  const stop = observeFrameworks(new Runtime(), []);
  expect(waitingListeners()).toBeGreaterThan(10);
  stop();
  expect(waitingListeners()).toBe(0);
});
