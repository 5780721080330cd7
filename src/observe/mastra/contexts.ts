import { type AgentAtWork, workFor } from "../work/current-agent.ts";
import { replaceMethod } from "../work/replaced-method.ts";

type Execute = (this: { readonly id?: string }, work: () => unknown) => unknown;
type Method = "executeInContext" | "executeInContextSync";
type SpanClass = Partial<Record<Method, Execute>>;

const METHODS: readonly Method[] = ["executeInContext", "executeInContextSync"];

/** The classes of spans, whose methods run the code of an agent or a tool: they then run it for the agent. */
export class SpanContexts {
  readonly #agentOf: (spanId: string) => AgentAtWork | undefined;
  readonly #joined = new WeakSet<object>();
  readonly #undo: (() => void)[] = [];

  /** @param agentOf the agent that a span belongs to. */
  constructor(agentOf: (spanId: string) => AgentAtWork | undefined) {
    this.#agentOf = agentOf;
  }

  /** Joins the class of a span, once. */
  join(span: unknown): void {
    for (let at = prototypeOf(span); at !== null && !this.#joined.has(at); at = prototypeOf(at)) {
      this.#joined.add(at);
      for (const method of METHODS) if (Object.hasOwn(at, method)) this.#replace(at as SpanClass, method);
    }
  }

  leave(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #replace(spans: SpanClass, method: Method): void {
    if (typeof spans[method] !== "function") return;
    const agentOf = this.#agentOf;
    this.#undo.push(
      replaceMethod(spans, method, (execute): Execute => {
        return function (work) {
          const agent = this.id === undefined ? undefined : agentOf(this.id);
          return execute?.call(this, agent === undefined ? work : () => workFor(agent, work));
        };
      }),
    );
  }
}

function prototypeOf(given: unknown): object | null {
  return typeof given === "object" && given !== null ? Object.getPrototypeOf(given) : null;
}
