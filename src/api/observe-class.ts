import { optionError } from "../core/option-error.ts";
import { shortTextOf } from "../core/text-of.ts";
import { CALLBACK_MANAGER } from "../observe/langchain/langchain.ts";
import { OBSERVABILITY } from "../observe/mastra/mastra.ts";
import { PROTOCOL } from "../observe/mcp/mcp-observer.ts";
import { classesIn } from "../observe/provider-sdks/classes-in-client.ts";
import { ANTHROPIC, GOOGLE, OPENAI, type ProviderSdk } from "../observe/provider-sdks/sdk.ts";
import { type AwaitedClass, addLoadedClass } from "../observe/work/loaded-class.ts";

/** A class that an application passes, and the classes that it leads to. */
interface Passed {
  readonly className: string;
  classesIn(given: object): readonly (readonly [AwaitedClass, object])[];
}

const itself = (awaited: AwaitedClass): Passed => ({
  className: awaited.className,
  classesIn: (given) => [[awaited, given]],
});
const ofSdk = (className: string, sdk: ProviderSdk): Passed => ({
  className,
  classesIn: (given) => classesIn(sdk, given),
});

const CLASSES = {
  langchain: itself(CALLBACK_MANAGER),
  mastra: itself(OBSERVABILITY),
  mcp: itself(PROTOCOL),
  openai: ofSdk("OpenAI", OPENAI),
  anthropic: ofSdk("Anthropic", ANTHROPIC),
  "google-genai": ofSdk("Models", GOOGLE),
} as const;

/**
 * A framework that is observed by one of its classes. The name is also the one that switches it
 * off.
 */
export type ClassObservedFramework = keyof typeof CLASSES;

/**
 * Observes a framework whose loading can't be noticed: because a bundler has put it into one file
 * with the application, or because it was loaded before. All monitors of the process, now and
 * later, observe this copy of the framework too. If the class is observed already, nothing happens.
 *
 * | framework | class | from |
 * |---|---|---|
 * | `langchain` | `CallbackManager` | `@langchain/core/callbacks/manager` |
 * | `mastra` | `BaseObservabilityInstance` | `@mastra/observability` |
 * | `mcp` | `Protocol` | `@modelcontextprotocol/sdk/shared/protocol.js`, `@modelcontextprotocol/client` or `/server` |
 * | `openai` | `OpenAI` | `openai` |
 * | `anthropic` | `Anthropic` | `@anthropic-ai/sdk` |
 * | `google-genai` | `Models` | `@google/genai` |
 *
 * @throws TypeError if the framework is not one of these, or the class is no class.
 */
export function observeClass(
  framework: ClassObservedFramework,
  frameworkClass: abstract new (...args: never[]) => object,
): void {
  if (typeof framework !== "string" || !Object.hasOwn(CLASSES, framework)) {
    const known = Object.keys(CLASSES).join(", ");
    throw optionError(`observeClass: framework must be one of ${known}, got ${shortTextOf(framework)}`);
  }
  const { className, classesIn } = CLASSES[framework];
  const classes = typeof frameworkClass === "function" ? classesIn(frameworkClass) : [];
  if (classes.length === 0) {
    const given = shortTextOf(frameworkClass);
    throw optionError(`observeClass: the class of ${framework} must be ${className}, got ${given}`);
  }
  for (const [awaited, found] of classes) addLoadedClass(awaited, found);
}
