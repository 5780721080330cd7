import * as acp from "@agentclientprotocol/sdk";
import type { ConnectionClass } from "../../../src/observe/acp/acp.ts";

/** Two ends of one connection in memory. */
function streams(): [acp.Stream, acp.Stream] {
  const there = new TransformStream();
  const back = new TransformStream();
  return [
    { readable: back.readable, writable: there.writable },
    { readable: there.readable, writable: back.writable },
  ];
}

/** The class of connections, which the package does not export. */
export function connectionClass(): ConnectionClass {
  const { builder } = acp.agent() as unknown as { builder: { connect(stream: acp.Stream): object } };
  return builder.connect(streams()[0]).constructor as unknown as ConnectionClass;
}

/** What an agent does with a prompt. */
export interface Prompt {
  readonly sessionId: string;
  readonly signal: AbortSignal;
  update(update: object): Promise<void>;
}

type Answer = (prompt: Prompt) => Promise<unknown>;

/** An agent and its client, which are connected. */
export interface Peers {
  prompt(options?: acp.SendRequestOptions): Promise<acp.PromptResponse>;
  cancel(): Promise<void>;
  close(): void;
}

/** @param name what the agent calls itself; absent if it does not. */
export async function connect(
  name: string | undefined,
  answer: Answer,
  protocolVersion: number = acp.PROTOCOL_VERSION,
): Promise<Peers> {
  const [near, far] = streams();
  const served = acp
    .agent()
    .onRequest(acp.methods.agent.initialize, () => ({
      protocolVersion,
      ...(name === undefined ? {} : { agentInfo: { name, version: "1.0.0" } }),
    }))
    .onRequest(acp.methods.agent.session.new, () => ({ sessionId: "a-session-id" }))
    .onNotification(acp.methods.agent.session.cancel, () => {})
    .onRequest(acp.methods.agent.session.prompt, async ({ params: { sessionId }, client, signal }) => {
      const update = (given: object) =>
        client.notify(acp.methods.client.session.update, { sessionId, update: given as never });
      return (await answer({ sessionId, signal, update })) as acp.PromptResponse;
    })
    .connect(far);
  const asking = acp.client().connect(near);
  const client = asking.agent;
  await client.request(acp.methods.agent.initialize, { protocolVersion: acp.PROTOCOL_VERSION });
  const { sessionId } = await client.request(acp.methods.agent.session.new, { cwd: "/", mcpServers: [] });
  return {
    prompt: (options) =>
      client.request(
        acp.methods.agent.session.prompt,
        { sessionId, prompt: [{ type: "text", text: "a secret prompt" }] },
        options,
      ),
    cancel: () => client.notify(acp.methods.agent.session.cancel, { sessionId }),
    close: () => {
      asking.close();
      served.close();
    },
  };
}
