import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { A2aObserver } from "../../src/observe/a2a/a2a.ts";
import { AcpObserver } from "../../src/observe/acp/acp.ts";
import { LangChainObserver } from "../../src/observe/langchain/langchain.ts";
import { OpenAiRealtimeObserver } from "../../src/observe/openai-realtime/openai-realtime.ts";
import { PiAgentObserver } from "../../src/observe/pi-agent-core/pi-agent-core.ts";
import { WorkBench } from "./bench-of-work.ts";

const info = vi.fn();

beforeEach(() => {
  info.mockClear();
  diag.setLogger({ info } as never, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});
afterEach(() => diag.disable());

type Methods = Record<string, unknown>;
interface Adapter {
  join(loaded: never): void;
  stop(): void;
}

/** Each adapter, the methods of a class that it needs, and how it gets the class. */
const ADAPTERS = [
  {
    name: "pi-agent-core",
    observer: PiAgentObserver,
    needs: ["runWithLifecycle", "processEvents"],
    loaded: (prototype: Methods) => ({ prototype }),
  },
  {
    name: "@openai/agents-realtime",
    observer: OpenAiRealtimeObserver,
    needs: ["emit", "connect", "close"],
    loaded: (prototype: Methods) => ({ prototype }),
  },
  {
    name: "@a2a-js/sdk",
    observer: A2aObserver,
    needs: ["sendMessage", "sendMessageStream"],
    loaded: (prototype: Methods) => ({ prototype }),
  },
  {
    name: "@agentclientprotocol/sdk",
    observer: AcpObserver,
    needs: ["receiveMessage", "sendMessage", "close"],
    loaded: (prototype: Methods) => ({ prototype }),
  },
  {
    name: "@langchain/core",
    observer: LangChainObserver,
    needs: ["_configureSync"],
    loaded: (methods: Methods) => methods,
  },
] as const;

describe.each(ADAPTERS)("a class of $name", ({ name, observer, needs, loaded }) => {
  const all = (): Methods => Object.fromEntries(needs.map((method) => [method, () => method]));

  it.each(needs.map((method) => ({ method })))(
    "that has no $method stays as it is, which is logged once",
    ({ method }) => {
      const adapter: Adapter = new observer(new WorkBench().work);
      const given = { ...all(), [method]: undefined };
      const methods = { ...given };
      for (let times = 0; times < 2; times += 1) adapter.join(loaded(methods) as never);
      expect(methods).toEqual(given);
      const line = `otel-forecast: this version of ${name} is not known, its agents are not observed`;
      expect(info.mock.calls).toEqual([[line]]);
      adapter.stop();
    },
  );

  it("that has all is observed until the observer stops", () => {
    const adapter: Adapter = new observer(new WorkBench().work);
    const given = all();
    const methods = { ...given };
    adapter.join(loaded(methods) as never);
    for (const method of needs) expect(methods[method]).not.toBe(given[method]);
    expect(info).not.toHaveBeenCalled();
    adapter.stop();
    expect(methods).toEqual(given);
  });

  it("keeps what somebody else has put in the place of a method since", () => {
    const adapter: Adapter = new observer(new WorkBench().work);
    const methods = all();
    adapter.join(loaded(methods) as never);
    const theirs = Object.fromEntries(needs.map((method) => [method, () => "theirs"]));
    Object.assign(methods, theirs);
    adapter.stop();
    expect(methods).toEqual(theirs);
  });
});
