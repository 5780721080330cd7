import { MODEL, type Script, searchOf, TOKENS, Turns } from "../contract/script.ts";

type Integration = Record<string, ((event: object) => void) | undefined>;

/** Calls the integrations in the registry, as the SDK does. */
export function emit(what: string, event: object): void {
  const { AI_SDK_TELEMETRY_INTEGRATIONS: all = [] } = globalThis as unknown as {
    AI_SDK_TELEMETRY_INTEGRATIONS?: Integration[];
  };
  for (const integration of all) integration[what]?.(event);
}

const usage = { inputTokens: TOKENS.input, outputTokens: TOKENS.output };

/** Reports a run as a `WorkflowAgent` does, with the same events. */
export async function runWorkflowAgent(script: Script): Promise<void> {
  const { agent: functionId } = script;
  const of = { callId: "workflow-agent", functionId };
  const turns = new Turns(script);
  const search = searchOf(script);
  emit("onStart", of);
  try {
    for (let turn = "call"; turn === "call"; ) {
      emit("onLanguageModelCallStart", { ...of, modelId: MODEL, provider: "fake.chat" });
      turn = await turns.next();
      emit("onLanguageModelCallEnd", { ...of, modelId: "unknown", provider: "unknown", usage });
      if (turn === "call") await callTool(search, { functionId, toolCall: callOf(turns) });
    }
  } catch (error) {
    emit("onError", Object.assign(error as Error, { functionId }));
    throw error;
  }
  emit("onEnd", of);
}

const callOf = ({ callId: toolCallId, input }: Turns) => ({ toolCallId, toolName: "search", input });

async function callTool(search: () => Promise<unknown>, event: object): Promise<void> {
  emit("onToolExecutionStart", event);
  await search().then(
    () => emit("onToolExecutionEnd", { ...event, success: true }),
    ({ message }) => emit("onToolExecutionEnd", { ...event, success: false, error: message }),
  );
}
