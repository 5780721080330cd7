import { endingOfError } from "../../agents/error-policy.ts";
import { kindOfError } from "../../core/error-type.ts";
import { workFor } from "../work/current-agent.ts";
import { fileOf } from "../work/file-of-package.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { Invocation } from "../work/invocation.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import { standIn } from "../work/stand-in.ts";
import { type LoopTool, nameOfTool, watchedTool } from "./loop-tool.ts";

/** The class of OpenAI's SDK that runs tools in a loop, for `chat.completions.runTools`. */
export const OPENAI_TOOL_LOOP: AwaitedClass = {
  key: "otel-forecast.openai.tool-loop",
  className: "AbstractChatCompletionRunner",
  isDefinedAt: fileOf("openai", /lib\/AbstractChatCompletionRunner\.m?js/),
};

const NO_SUCH_TOOL = "tool_not_found";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The fields of OpenAI's runner that are used. */
export interface ToolLoopClass {
  readonly prototype: object;
}

interface ToolLoop {
  /** Absent in a loop without events. */
  readonly on?: (event: "functionToolCall", listener: (call: { readonly name?: unknown }) => void) => unknown;
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
    const watchTools = (loop: unknown, params: unknown, invocation: Invocation): unknown =>
      this.#watchTools(loop as ToolLoop, params, invocation);
    const watched: Method = async function (client, params, ...more) {
      const invocation = begin();
      if (invocation === undefined) return Reflect.apply(original, this, [client, params, ...more]);
      const tools = watchTools(this, params, invocation);
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
    this.#undo.push(replaceMethod(methods, "_runTools", () => watched));
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
  #watchTools(loop: ToolLoop, params: unknown, invocation: Invocation): unknown {
    try {
      const { tools } = params as { readonly tools: readonly LoopTool[] };
      watchMissingTools(loop, tools, invocation);
      return standIn(params as object, { tools: tools.map((tool) => watchedTool(tool, invocation)) });
    } catch (error) {
      this.#work.logOnce(`the tools of openai could not be read: ${kindOfError(error)}`);
      return params;
    }
  }
}

/** The loop answers a call of a tool that it does not have itself. */
function watchMissingTools(loop: ToolLoop, tools: readonly LoopTool[], invocation: Invocation): void {
  const names = new Set<unknown>(tools.map(nameOfTool));
  loop.on?.("functionToolCall", ({ name }) => {
    if (!names.has(name)) invocation.toolNotStarted(undefined, NO_SUCH_TOOL);
  });
}
