import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { END, type MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { z } from "zod";

export type State = typeof MessagesAnnotation.State;
type Step = (state: State) => Promise<Partial<State>>;

let calls = 0;

/** A model's answer that asks for these tools. */
export function callOf(...names: string[]): AIMessage {
  const tool_calls = names.map((name) => {
    calls += 1;
    return { name, args: {}, id: `call-${calls}` };
  });
  return new AIMessage({ content: "", tool_calls });
}

export function toolOf(name: string, run: () => Promise<unknown>) {
  return tool(run, { name, schema: z.object({}) });
}

/** A graph of one step. */
export function single(name: string | undefined, step: Step, checkpointer?: MemorySaver) {
  return new StateGraph(MessagesAnnotation)
    .addNode("step", step)
    .addEdge(START, "step")
    .addEdge("step", END)
    .compile({ ...(name ? { name } : {}), ...(checkpointer ? { checkpointer } : {}) });
}

/** Two steps at once. */
export function fork(name: string, one: Step, other: Step | ReturnType<typeof single>) {
  return new StateGraph(MessagesAnnotation)
    .addNode("one", one)
    .addNode("other", other)
    .addEdge(START, "one")
    .addEdge(START, "other")
    .addEdge("one", END)
    .addEdge("other", END)
    .compile({ name });
}

/** A model that gives these answers or fails, and its tools. */
export function agent(
  name: string,
  answers: (BaseMessage | Error)[],
  tools: StructuredToolInterface[],
  options: { survives?: boolean; checkpointer?: MemorySaver } = {},
) {
  const next = async (): Promise<Partial<State>> => {
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer left");
    return { messages: [answer] };
  };
  const isDone = ({ messages }: State) =>
    ((messages.at(-1) as AIMessage).tool_calls?.length ?? 0) > 0 ? "tools" : END;
  const { checkpointer, survives = true } = options;
  return new StateGraph(MessagesAnnotation)
    .addNode("model", next)
    .addNode("tools", new ToolNode(tools, { handleToolErrors: survives }))
    .addEdge(START, "model")
    .addConditionalEdges("model", isDone, ["tools", END])
    .addEdge("tools", "model")
    .compile(checkpointer ? { name, checkpointer } : { name });
}
