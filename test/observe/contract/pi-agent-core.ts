import { AGENT, PiAgentObserver } from "../../../src/observe/pi-agent-core/pi-agent-core.ts";
import { AgentAtWork, workFor } from "../../../src/observe/work/current-agent.ts";
import { addLoadedClass } from "../../../src/observe/work/loaded-class.ts";
import { FakeAgent } from "../pi-agent-core/fake-agent.ts";
import type { Framework, Script } from "./script.ts";

/** Another copy has methods of its own. */
class OtherAgent extends FakeAgent {
  override runWithLifecycle(...args: Parameters<FakeAgent["runWithLifecycle"]>): Promise<void> {
    return args[0]((event) => this.processEvents(event));
  }

  override async processEvents(event: object): Promise<void> {
    this.seen.push((event as { readonly type: string }).type);
  }
}

function runBy(AgentClass: typeof FakeAgent, script: Script): Promise<void> {
  return workFor(new AgentAtWork(script.agent), () => new AgentClass().prompt(script));
}

/** A stand-in for the framework: the tests of apps have the real one. */
export const piAgentCore: Framework = {
  title: "pi-agent-core",
  observe(bench) {
    const observer = new PiAgentObserver(bench.work);
    observer.start();
    for (const loaded of [FakeAgent, OtherAgent]) addLoadedClass(AGENT, loaded);
    return observer;
  },
  classes: [FakeAgent, OtherAgent],
  run: (script) => runBy(FakeAgent, script),
  runOtherCopy: (script) => runBy(OtherAgent, script),
  meetUnknownVersion: (bench) => new PiAgentObserver(bench.work).join(class {}),
  cannot: { stream: "each answer is a stream" },
};
