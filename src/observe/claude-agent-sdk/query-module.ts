import { fileOf } from "../work/file-of-package.ts";
import type { AwaitedClass } from "../work/loaded-class.ts";

type AnyFunction = (...args: never[]) => unknown;

/** The parts of a loaded module of the SDK that are used. Its functions have other names inside. */
export interface QueryModule {
  /** The function that the module exports as `query`; absent if it was not found. */
  query?: AnyFunction;
  /** Starts Claude Code before there is a prompt. Older versions do not have it. */
  startup?: AnyFunction;
  /** The events that this version of the SDK has hooks for. */
  readonly hookEvents?: readonly string[];
}

/** The function `query` of every entry point of the Claude Agent SDK. */
export const QUERY: AwaitedClass = {
  key: "otel-forecast.claude-agent-sdk",
  className: "query",
  isDefinedAt: fileOf("@anthropic-ai/claude-agent-sdk", /(sdk\.mjs|core\.mjs|browser-sdk\.js)/),
  expressionIn: moduleExpression,
};

/**
 * An expression that is a `QueryModule`. Importers see a function that a module assigns to the name
 * of its own function declaration: such a name is no constant.
 */
function moduleExpression(source: string): string {
  const events = localNameOf("HOOK_EVENTS", source);
  const parts = [accessorsOf("query", source), accessorsOf("startup", source)];
  if (events !== undefined) parts.push(`get hookEvents() { return ${events}; }`);
  return `({ ${parts.filter(Boolean).join(", ")} })`;
}

function accessorsOf(exported: string, source: string): string {
  const local = localNameOf(exported, source);
  if (local === undefined || !declares(source, local)) return "";
  return `get ${exported}() { return ${local}; }, set ${exported}(given) { ${local} = given; }`;
}

function declares(source: string, functionName: string): boolean {
  const name = functionName.replaceAll("$", "\\$");
  return new RegExp(`(^|[^\\w$.])function ${name}\\(`).test(source);
}

/** The name inside the module of what its last list of exports has by this name. */
function localNameOf(exported: string, source: string): string | undefined {
  const list = [...source.matchAll(/\bexport\s*\{([^}]*)\}/g)].at(-1)?.[1] ?? "";
  for (const item of list.split(",")) {
    const [local, as, outer = local] = item.trim().split(/\s+/);
    if (outer === exported && (as === undefined || as === "as")) return local;
  }
  return undefined;
}
