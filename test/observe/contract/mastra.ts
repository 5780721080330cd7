import { observeClass } from "../../../src/index.ts";
import { MastraObserver, type ObservabilityClass } from "../../../src/observe/mastra/mastra.ts";
import { FakeMastraAgent, Observability } from "../mastra/fake-mastra.ts";
import type { Framework, Script } from "./script.ts";

/** Another copy has methods of its own. */
class OtherObservability extends Observability {
  override startSpan(
    ...args: Parameters<Observability["startSpan"]>
  ): ReturnType<Observability["startSpan"]> {
    return super.startSpan(...args);
  }

  override registerExporter(...args: Parameters<Observability["registerExporter"]>): void {
    super.registerExporter(...args);
  }
}

function runBy(copy: typeof Observability, script: Script): Promise<void> {
  return new FakeMastraAgent(new copy()).generate(script);
}

/** A stand-in for the framework: the tests of apps have the real one. */
export const mastra: Framework = {
  title: "Mastra",
  observe(bench) {
    const observer = new MastraObserver(bench.work);
    for (const loaded of [Observability, OtherObservability])
      observer.join(loaded as unknown as ObservabilityClass);
    return observer;
  },
  observeBundled(bench) {
    const observer = new MastraObserver(bench.work);
    observer.start();
    observeClass("mastra", Observability);
    return observer;
  },
  run: (script) => runBy(Observability, script),
  runOtherCopy: (script) => runBy(OtherObservability, script),
  meetUnknownVersion: (bench) =>
    new MastraObserver(bench.work).join(class {} as unknown as ObservabilityClass),
  cannot: { stream: "its spans are the same with and without a stream" },
};
