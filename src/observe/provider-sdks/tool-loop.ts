import { endingOfError } from "../../agents/error-policy.ts";
import { kindOfError } from "../../core/error-type.ts";
import { resembling } from "../../core/resembling.ts";
import { workFor } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { Invocation } from "../work/invocation.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { digestOf } from "../work/repeated-calls.ts";
import { standIn } from "../work/stand-in.ts";
import { watchResult } from "../work/watched-result.ts";

/** The class of OpenAI's SDK that runs tools in a loop, for `chat.completions.runTools`. */
export const OPENAI_TOOL_LOOP: AwaitedClass = {
  key: "otel-forecast.openai.tool-loop",
  className: "AbstractChatCompletionRunner",
  isDefinedAt: (url) => /\/openai\/lib\/AbstractChatCompletionRunner\.m?js$/.test(url),
};

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The fields of OpenAI's runner that are used. */
export interface ToolLoopClass {
  readonly prototype: object;
}

interface Tool {
  readonly type?: string;
  /** What runs a tool that parses its own arguments. */
  readonly $callback?: Method;
  readonly function?: { readonly name?: string; readonly function?: Method; readonly parse?: Method };
}

/** Observes the tool loops of OpenAI's SDK. Each is a run of the agent around it. */
export class ToolLoopObserver {
  readonly #work: FrameworkWork;
  readonly #undo: (() => void)[] = [];

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<ToolLoopClass>(OPENAI_TOOL_LOOP, (loaded) => this.join(loaded)));
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Records each loop of this class as a run. */
  join({ prototype }: ToolLoopClass): void {
    const methods = prototype as { _runTools?: Method };
    const { _runTools: original } = methods;
    if (typeof original !== "function") {
      this.#work.logOnce("this version of openai is not known, its tool loops are not observed");
      return;
    }
    const begin = (): Invocation | undefined => this.#begin();
    const watchTools = (params: unknown, invocation: Invocation): unknown =>
      this.#watchTools(params, invocation);
    const watched: Method = async function (client, params, ...more) {
      const invocation = begin();
      if (invocation === undefined) return Reflect.apply(original, this, [client, params, ...more]);
      const tools = watchTools(params, invocation);
      try {
        const result = await workFor(invocation.atWork, () =>
          Reflect.apply(original, this, [client, tools, ...more]),
        );
        invocation.end("success");
        return result;
      } catch (error) {
        const { outcome, errorType } = endingOfError(error);
        invocation.end(outcome, errorType);
        throw error;
      }
    };
    methods._runTools = resembling(watched, original);
    this.#undo.push(() => {
      if (methods._runTools === watched) methods._runTools = original;
    });
  }

  /** `undefined` if the run cannot be recorded: the loop runs as before. */
  #begin(): Invocation | undefined {
    try {
      return this.#work.begin(this.#work.currentAgents.innermost?.agentName, () => {}, "");
    } catch (error) {
      this.#work.logOnce(`a tool loop of openai could not be recorded: ${kindOfError(error)}`);
      return undefined;
    }
  }

  /** The same parameters, with tools that are watched. The tools of the application stay as they are. */
  #watchTools(params: unknown, invocation: Invocation): unknown {
    try {
      const { tools } = params as { readonly tools: readonly Tool[] };
      return standIn(params as object, { tools: tools.map((tool) => watchedTool(tool, invocation)) });
    } catch (error) {
      this.#work.logOnce(`the tools of openai could not be read: ${kindOfError(error)}`);
      return params;
    }
  }
}

/** A tool that reads as the given one does, except what runs it. */
function watchedTool(tool: Tool, invocation: Invocation): Tool {
  const { type, $callback, function: definition } = tool;
  const run = definition?.function;
  if (type !== "function" || definition === undefined) return tool;
  if (typeof $callback === "function") {
    const name = definition.name ?? $callback.name;
    return standIn(tool, { $callback: watchedRun($callback, name, invocation) });
  }
  if (typeof run !== "function") return tool;
  const { name = run.name, parse } = definition;
  const changed: Record<string, Method> = {
    function: watchedRun(run, name, invocation, definition),
  };
  if (typeof parse === "function") changed.parse = (...args) => Reflect.apply(parse, definition, args);
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
