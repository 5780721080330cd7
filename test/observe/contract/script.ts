import type { WorkBench } from "../bench-of-work.ts";

/** What an agent does in one run. Its model asks for the tool `search` first, and then answers. */
export interface Script {
  readonly agent: string;
  /** What the tool does at each call, one call after the other. */
  readonly tools?: readonly (() => Promise<unknown>)[];
  /** What the tool is asked for at each call; by default always the same. */
  readonly queries?: readonly string[];
  /** What the model waits for before it answers the first time. */
  readonly until?: Promise<unknown>;
  /** What the model fails with after the tools, instead of an answer. */
  readonly failure?: Error;
  readonly signal?: AbortSignal;
  readonly isStream?: boolean;
}

/** What every framework must do; some cannot. */
export type Case =
  | "success"
  | "tool failure and recovery"
  | "provider error"
  | "abort"
  | "stream"
  | "two agents"
  | "two at once"
  | "unknown version"
  | "loaded twice"
  | "bundled"
  | "stopped";

/** A framework, and a way to run an agent of it. */
export interface Framework {
  readonly title: string;
  /** Observes it. */
  observe(bench: WorkBench): { stop(): void };
  /** Runs an agent to its end. It may fail. */
  run(script: Script): Promise<unknown>;
  /** Runs an agent by another copy of the framework, which is loaded beside the first. */
  runOtherCopy?(script: Script): Promise<unknown>;
  /**
   * Observes a copy whose loading was not noticed, as in one file with the application, which then passes its
   * class to `observeClass`. Absent if there is no such class: bundled, the framework is observed in the same way
   * as otherwise, or not at all.
   */
  observeBundled?(bench: WorkBench): { stop(): void };
  /** The classes of the framework whose methods are replaced while it is observed. */
  readonly classes?: readonly { readonly prototype: object }[];
  /** Shows the observation a version of the framework that it does not know. */
  meetUnknownVersion(bench: WorkBench): void;
  /** The cases that the framework cannot have, with the reason. */
  readonly cannot?: Partial<Record<Case, string>>;
}

/** The name of the model of all frameworks. */
export const MODEL = "small";
/** The tokens of each answer of a model, where the framework reports them. */
export const TOKENS = { input: 3, output: 5 };

/** The turns of a model that follows a script: `call` for each tool, then `answer`. */
export class Turns {
  readonly #script: Script;
  #taken = 0;

  constructor(script: Script) {
    this.#script = script;
  }

  async next(): Promise<"call" | "answer"> {
    this.#taken += 1;
    if (this.#taken === 1) await this.#script.until;
    if (this.#taken <= (this.#script.tools?.length ?? 0)) return "call";
    if (this.#script.failure !== undefined) throw this.#script.failure;
    return "answer";
  }

  /** The input of the tool. */
  get input(): { readonly query: string } {
    return { query: this.#script.queries?.[this.#taken - 1] ?? "weather" };
  }

  get callId(): string {
    return `call-${this.#taken}`;
  }
}

/** The tool `search` of a script. */
export function searchOf({ tools = [] }: Script): () => Promise<unknown> {
  const left = [...tools];
  return async () => left.shift()?.();
}
