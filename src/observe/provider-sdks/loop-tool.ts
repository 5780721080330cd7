import { endingOfError } from "../../agents/error-policy.ts";
import { resembling } from "../../core/resembling.ts";
import type { Invocation } from "../work/invocation.ts";
import { digestOf } from "../work/repeated-calls.ts";
import { standIn } from "../work/stand-in.ts";
import { watchResult } from "../work/watched-result.ts";

const INVALID_INPUT = "invalid_tool_input";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** A tool that an application gives to a tool loop of OpenAI's SDK. */
export interface LoopTool {
  readonly type?: string;
  /** What runs a tool that is made for a schema. */
  readonly $callback?: Method;
  /** What parses its arguments. */
  readonly $parseRaw?: Method;
  readonly function?: { readonly name?: string; readonly function?: Method; readonly parse?: Method };
}

/** The name by which a model calls the tool. */
export function nameOfTool({ $callback, function: definition }: LoopTool): string | undefined {
  return definition?.name || ($callback ?? definition?.function)?.name;
}

/** A tool that reads as the given one does, except what runs it and what parses its arguments. */
export function watchedTool(tool: LoopTool, invocation: Invocation): LoopTool {
  const { type, $callback, $parseRaw, function: definition } = tool;
  const name = nameOfTool(tool);
  if (type !== "function" || definition === undefined || name === undefined) return tool;
  if (typeof $callback === "function")
    return standIn(tool, {
      $callback: watchedRun($callback, name, invocation),
      ...(typeof $parseRaw === "function" && { $parseRaw: watchedParse($parseRaw, name, invocation) }),
    });
  const { function: run, parse } = definition;
  if (typeof run !== "function") return tool;
  const changed: Record<string, Method> = { function: watchedRun(run, name, invocation, definition) };
  if (typeof parse === "function") changed.parse = watchedParse(parse, name, invocation, definition);
  return standIn(tool, { function: standIn(definition, changed) });
}

/** @param owner what the function is a method of; absent: what the SDK calls it on. */
function watchedRun(run: Method, toolName: string, invocation: Invocation, owner?: object): Method {
  const watched: Method = function (...args) {
    const end = invocation.toolStarts(toolName, digestOf(args[0]));
    return watchResult(() => Reflect.apply(run, owner ?? this, args), false, {
      succeeded: () => end("success"),
      failed: (error) => {
        const { outcome, errorType } = endingOfError(error);
        end(outcome, errorType);
      },
      unknown: () => end("withdrawn"),
    });
  };
  return resembling(watched, run);
}

/** If arguments can't be parsed, the loop reports it to the model, and goes on. */
function watchedParse(parse: Method, toolName: string, invocation: Invocation, owner?: object): Method {
  const watched: Method = function (...args) {
    return watchResult(() => Reflect.apply(parse, owner ?? this, args), "handled", {
      succeeded: () => {},
      failed: () => invocation.toolNotStarted(toolName, INVALID_INPUT),
      unknown: () => {},
    });
  };
  return resembling(watched, parse);
}
