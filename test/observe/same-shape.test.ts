import { CallbackManager } from "@langchain/core/callbacks/manager";
import { RealtimeSession } from "@openai/agents-realtime";
import { AbstractChatCompletionRunner } from "openai/lib/AbstractChatCompletionRunner";
import { Completions } from "openai/resources/chat/completions/completions";
import { expect, it, onTestFinished } from "vitest";
import { A2aObserver } from "../../src/observe/a2a/a2a.ts";
import { AcpObserver } from "../../src/observe/acp/acp.ts";
import { LangChainObserver, type ManagerClass } from "../../src/observe/langchain/langchain.ts";
import { MastraObserver, type ObservabilityClass } from "../../src/observe/mastra/mastra.ts";
import { OpenAiRealtimeObserver } from "../../src/observe/openai-realtime/openai-realtime.ts";
import { PiAgentObserver } from "../../src/observe/pi-agent-core/pi-agent-core.ts";
import { ProviderSdkObserver } from "../../src/observe/provider-sdks/provider-sdks.ts";
import { type ModelResource, OPENAI } from "../../src/observe/provider-sdks/sdk.ts";
import { type ToolLoopClass, ToolLoopObserver } from "../../src/observe/provider-sdks/tool-loop.ts";
import { around, replaceMethod } from "../../src/observe/work/replaced-method.ts";
import { handlerClasses } from "./a2a/a2a-sdk.ts";
import { connectionClass } from "./acp/acp-sdk.ts";
import { WorkBench } from "./bench-of-work.ts";
import { Observability } from "./mastra/fake-mastra.ts";
import { McpBench } from "./mcp/bench-of-mcp.ts";
import { protocols } from "./mcp/sdks.ts";
import { FakeAgent } from "./pi-agent-core/fake-agent.ts";

interface Stoppable {
  stop(): void;
}

function joined<Observer extends Stoppable>(
  observer: Observer,
  join: (observer: Observer) => void,
): Observer {
  join(observer);
  return observer;
}

const manager = CallbackManager as unknown as ManagerClass;
const runner = AbstractChatCompletionRunner as unknown as ToolLoopClass;
const acp = connectionClass();
const [handlerClass] = handlerClasses as [(typeof handlerClasses)[0], ...unknown[]];
const mastra = Observability as unknown as ObservabilityClass;
const resource = OPENAI.resources[0] as ModelResource;

/** Classes of frameworks, and what observes them. */
const OBSERVED: readonly (readonly [string, object, (bench: WorkBench) => Stoppable])[] = [
  [
    "openai",
    Completions,
    ({ work }) => joined(new ProviderSdkObserver(work, OPENAI), (it) => it.join(resource, Completions)),
  ],
  [
    "the tool loop of openai",
    runner,
    ({ work }) => joined(new ToolLoopObserver(work), (it) => it.join(runner)),
  ],
  [
    "OpenAI's realtime agents",
    RealtimeSession,
    ({ work }) => joined(new OpenAiRealtimeObserver(work), (it) => it.join(RealtimeSession)),
  ],
  ["LangChain", manager, ({ work }) => joined(new LangChainObserver(work), (it) => it.join(manager))],
  ["Mastra", mastra, ({ work }) => joined(new MastraObserver(work), (it) => it.join(mastra))],
  ["pi-agent-core", FakeAgent, ({ work }) => joined(new PiAgentObserver(work), (it) => it.join(FakeAgent))],
  ["ACP", acp, ({ work }) => joined(new AcpObserver(work), (it) => it.join(acp))],
  ["A2A", handlerClass, ({ work }) => joined(new A2aObserver(work), (it) => it.join(handlerClass))],
  ["MCP", protocols[0] as object, () => new McpBench([protocols[0] as object]).observer],
];

/** The methods that an object has or inherits, with what code can see of them without calling them. */
function shapeOf(owner: object): object {
  const shape: Record<string, object> = {};
  for (let at: object | null = owner; at !== null; at = Object.getPrototypeOf(at))
    for (const key of Reflect.ownKeys(at)) {
      const found = Object.getOwnPropertyDescriptor(at, key);
      if (typeof found?.value !== "function") continue;
      const { name, length } = found.value as () => void;
      const isConstructible = Object.hasOwn(found.value, "prototype");
      shape[String(key)] ??= { name, length, isConstructible, isShown: at === owner && found.enumerable };
    }
  return shape;
}

function methodsOf(owner: object): unknown[] {
  return Object.values(Object.getOwnPropertyDescriptors(owner)).map(({ value }) => value);
}

it.each(OBSERVED)("the methods of %s look as without us", (_, loaded, observe) => {
  const owners = [loaded, (loaded as { prototype: object }).prototype];
  const before = owners.map(shapeOf);
  const methods = owners.map(methodsOf);
  const observer = observe(new WorkBench());
  onTestFinished(() => observer.stop());
  expect(owners.map(methodsOf)).not.toEqual(methods);
  expect(owners.map(shapeOf)).toEqual(before);
});

class Base {
  #held: unknown;
  plain(_first: unknown, _second: unknown): string {
    return "plain";
  }
  get kept(): unknown {
    return this.#held;
  }
  set kept(given: unknown) {
    this.#held = given;
  }
}

it("a method that an object inherits is replaced without being shown by it", () => {
  const object = new Base();
  const undo = replaceMethod(
    object as { plain?: unknown } as { plain?: () => string },
    "plain",
    () => () => "ours",
  );
  expect([object.plain(1, 2), object.plain.name, object.plain.length]).toEqual(["ours", "plain", 2]);
  expect([Object.keys(object), { ...object }]).toEqual([[], {}]);
  undo();
  expect([object.plain(1, 2), Object.hasOwn(object, "plain")]).toEqual(["plain", false]);
});

it("a method that is frozen in the class can be replaced on an object", () => {
  class Frozen {
    plain(): string {
      return "plain";
    }
  }
  Object.freeze(Frozen.prototype);
  const object = new Frozen();
  replaceMethod(object as { plain?: unknown } as { plain?: () => string }, "plain", () => () => "ours");
  expect(object.plain()).toBe("ours");
});

it("a callback that the class keeps by a setter goes through the setter", () => {
  const object = new Base();
  const undo = replaceMethod(
    object as { kept?: unknown } as { kept?: () => string },
    "kept",
    () => () => "ours",
  );
  expect((object.kept as () => string)()).toBe("ours");
  expect(Object.hasOwn(object, "kept")).toBe(false);
  undo();
  expect(object.kept).toBeUndefined();
});

it("a method that is hidden behind one of ours can be constructed only if it could be before", () => {
  class Old {
    readonly made = true;
  }
  const owner = { ask: async (_first: string, _second: string) => "answer", Old };
  for (const key of ["ask", "Old"]) around(owner, key, (call) => call());
  const shapes = [owner.ask, owner.Old].map(({ name, length }) => ({ name, length }));
  expect(shapes).toEqual([
    { name: "ask", length: 2 },
    { name: "Old", length: 0 },
  ]);
  expect([owner.ask, owner.Old].map((it) => Object.hasOwn(it, "prototype"))).toEqual([false, true]);
});
