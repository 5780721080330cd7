/** Where LangChain keeps its context: one for all copies of it. */
const CONTEXT = Symbol.for("ls:tracing_async_local_storage");
/** The part of the context that says which callbacks the next run inside has. */
const CONFIG = Symbol.for("lc:child_config");

interface Context {
  getStore(): { readonly extra?: { readonly [CONFIG]?: Config } } | undefined;
}

interface Config {
  readonly callbacks?: { getParentRunId?(): string | undefined };
}

/** The id of the run of LangChain that the running code belongs to. */
export function currentRunId(): string | undefined {
  const { [CONTEXT]: context } = globalThis as unknown as { [CONTEXT]?: Context };
  return context?.getStore()?.extra?.[CONFIG]?.callbacks?.getParentRunId?.();
}
