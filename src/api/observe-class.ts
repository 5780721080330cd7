import { CALLBACK_MANAGER } from "../observe/langchain/langchain.ts";
import { OBSERVABILITY } from "../observe/mastra/mastra.ts";
import { PROTOCOL } from "../observe/mcp/mcp-observer.ts";
import { handOver } from "../observe/work/loaded-class.ts";

const CLASSES = { langchain: CALLBACK_MANAGER, mastra: OBSERVABILITY, mcp: PROTOCOL } as const;

/** A framework that is observed by a class of its own, by the name that switches it off. */
export type ClassObservedFramework = keyof typeof CLASSES;

/**
 * Hands over the class by which a framework is observed, where nobody sees it being loaded: a bundler has put it into one
 * file with the application, or it was loaded before. Whatever observes frameworks in this process, now or later, observes
 * this copy too; one that it knows already stays as it is.
 *
 * @param framework `langchain`, whose class is `CallbackManager` of `@langchain/core/callbacks/manager`; `mastra`, whose class
 * is `BaseObservabilityInstance` of `@mastra/observability`; or `mcp`, whose class
 * is `Protocol`, of `@modelcontextprotocol/sdk/shared/protocol.js`, `@modelcontextprotocol/client` or `server`.
 * @throws TypeError that names what is wrong: another framework, or no class.
 */
export function observeClass(
  framework: ClassObservedFramework,
  frameworkClass: abstract new (...args: never[]) => object,
): void {
  if (!Object.hasOwn(CLASSES, framework)) {
    const known = Object.keys(CLASSES).join(", ");
    throw new TypeError(`observeClass: framework is ${String(framework)}, expected one of ${known}`);
  }
  const awaited = CLASSES[framework];
  if (typeof frameworkClass !== "function") {
    const given = String(frameworkClass);
    throw new TypeError(`observeClass: the class of ${framework} is ${given}, expected ${awaited.className}`);
  }
  handOver(awaited, frameworkClass);
}
