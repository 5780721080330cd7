import { optionError } from "../core/option-error.ts";
import { shortTextOf } from "../core/text-of.ts";
import { CALLBACK_MANAGER } from "../observe/langchain/langchain.ts";
import { OBSERVABILITY } from "../observe/mastra/mastra.ts";
import { PROTOCOL } from "../observe/mcp/mcp-observer.ts";
import { addLoadedClass } from "../observe/work/loaded-class.ts";

const CLASSES = { langchain: CALLBACK_MANAGER, mastra: OBSERVABILITY, mcp: PROTOCOL } as const;

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
  const awaited = CLASSES[framework];
  if (typeof frameworkClass !== "function") {
    const given = shortTextOf(frameworkClass);
    throw optionError(`observeClass: the class of ${framework} must be ${awaited.className}, got ${given}`);
  }
  addLoadedClass(awaited, frameworkClass);
}
