import type { QueryModule } from "../../../src/observe/claude-agent-sdk/query-module.ts";

type Hook = (input: object) => Promise<unknown>;
type Hooks = Record<string, { readonly hooks: readonly Hook[] }[] | undefined>;

/** The parameters with which a query was started. */
export interface Params {
  readonly prompt: unknown;
  readonly options?: { readonly hooks?: Hooks } & Record<string, unknown>;
}

/** What a query does: it yields messages, calls hooks, and may throw. */
export type Script = (query: FakeQuery) => AsyncGenerator<object, void>;

/** Made as the SDK makes it: the iterator is always the same, and ends with the query. */
export class FakeQuery {
  readonly params: Params;
  readonly sdkMessages: AsyncGenerator<object, void>;
  readonly calls: string[] = [];

  constructor(params: Params, script: Script) {
    this.params = params;
    this.sdkMessages = script(this);
  }

  /** Calls the hooks for an event, the app's own and ours. */
  async hook(event: string, input: object): Promise<unknown[]> {
    const matchers = this.params.options?.hooks?.[event] ?? [];
    const all = matchers.flatMap(({ hooks }) => hooks);
    return Promise.all(all.map((hook) => hook({ hook_event_name: event, ...input })));
  }

  next(...args: [] | [unknown]): Promise<IteratorResult<object, void>> {
    return this.sdkMessages.next(...args);
  }

  async return(value?: undefined): Promise<IteratorResult<object, void>> {
    return this.sdkMessages.return(value);
  }

  async throw(error: unknown): Promise<IteratorResult<object, void>> {
    return this.sdkMessages.throw(error);
  }

  [Symbol.asyncIterator](): AsyncGenerator<object, void> {
    return this.sdkMessages;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.calls.push("dispose");
  }

  close(): void {
    this.calls.push("close");
  }

  async interrupt(): Promise<string> {
    this.calls.push("interrupt");
    return "receipt";
  }
}

/** A module of the SDK whose queries follow a script. */
export class FakeModule implements QueryModule {
  readonly started: FakeQuery[] = [];
  readonly hookEvents: readonly string[] = [
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "SubagentStart",
    "SubagentStop",
    "Stop",
  ];
  query: (params: never) => unknown;

  constructor(script: Script) {
    this.query = (params: Params) => {
      const query = new FakeQuery(params, script);
      this.started.push(query);
      return query;
    };
  }

  run(prompt: unknown, options: Record<string, unknown> = { agent: "planner" }): FakeQuery {
    return this.query({ prompt, options } as never) as FakeQuery;
  }
}

const ANSWERED = {
  input_tokens: 10,
  output_tokens: 5,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 2,
};

/** The totals of a number of turns, each with 16 tokens of input, 5 of output, and a cent. */
export function totals(turns: number, model = "large"): object {
  return {
    [model]: {
      inputTokens: 10 * turns,
      outputTokens: 5 * turns,
      cacheReadInputTokens: 4 * turns,
      cacheCreationInputTokens: 2 * turns,
      costUSD: 0.01 * turns,
    },
  };
}

export const init = { type: "system", subtype: "init", model: "large" };

export function answer(id: string, more: object = {}): object {
  return { type: "assistant", parent_tool_use_id: null, message: { id, model: "large" }, ...more };
}

export function result(turns = 1, more: object = {}): object {
  const usage = ANSWERED;
  return { type: "result", subtype: "success", is_error: false, usage, modelUsage: totals(turns), ...more };
}
