export interface Handler {
  readonly name: string;
}

type Started = (
  what: unknown,
  input: unknown,
  runId: string,
  parentId: string | undefined,
  ...more: readonly unknown[]
) => void;
type Ended = (outputOrError: unknown, runId: string) => void;

/** A chain that starts: what it is made of, its input, and the name of its run. */
export interface Chain {
  readonly made: unknown;
  readonly input: unknown;
  readonly name: unknown;
}

/** A call of a tool that starts. */
export interface ToolCall {
  readonly name: unknown;
  readonly callId: unknown;
  readonly input: unknown;
}

/**
 * The part of LangChain's callback interface that is needed. Of inputs and outputs only the messages
 * of tools are looked at, for errors, and the inputs of tools, for repetitions.
 */
export interface Callbacks extends Handler {
  readonly awaitHandlers: boolean;
  /** Further arguments: tags, metadata, type of the run, its name. */
  readonly handleChainStart: Started;
  /** Further arguments: tags, metadata, name of the tool, id of the call. */
  readonly handleToolStart: Started;
  /** Further arguments: parameters, tags, metadata. */
  readonly handleChatModelStart: Started;
  readonly handleLLMStart: Started;
  /** A part of a streamed answer. Its arguments are the text, its place, and the id of the run. */
  readonly handleLLMNewToken: (text: unknown, place: unknown, runId: string) => void;
  readonly handleChainEnd: Ended;
  readonly handleToolEnd: Ended;
  readonly handleLLMEnd: Ended;
  readonly handleChainError: Ended;
  readonly handleToolError: Ended;
  readonly handleLLMError: Ended;
}
