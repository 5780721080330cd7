import type { IncomingMessage, ServerResponse } from "node:http";
import { ModelServer } from "../model-server.ts";

const RESPONSE = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  model: "small",
  output: [
    {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "done", annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 30,
    output_tokens: 4,
    total_tokens: 34,
    input_tokens_details: { cached_tokens: 10 },
    output_tokens_details: { reasoning_tokens: 0 },
  },
};
const USAGE = { prompt_tokens: 30, completion_tokens: 4, total_tokens: 34 };
const CHAT = { id: "chat_1", created: 1, model: "small" };

/** What a stream begins with. */
const FIRST = {
  response: {
    type: "response.created",
    sequence_number: 0,
    response: { ...RESPONSE, status: "in_progress", output: [], usage: null },
  },
  chat: {
    ...CHAT,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: { role: "assistant", content: "d" } }],
  },
};

/** Speaks as much of OpenAI's two protocols as one answer takes, whole or as a stream. */
export class OpenAiServer extends ModelServer {
  status = 200;
  /** Otherwise streams that break off or never come to their end, or no answer at all. */
  answers: "well" | "half" | "without end" | "never" = "well";
  onRequest = (): void => {};

  static start(): Promise<OpenAiServer> {
    return new OpenAiServer().listen();
  }

  protected override answer(request: IncomingMessage, response: ServerResponse, body: unknown): void {
    const isStream = (body as { readonly stream?: boolean }).stream === true;
    this.onRequest();
    if (this.answers === "never") return;
    const first = request.url === "/responses" ? FIRST.response : FIRST.chat;
    if (this.answers === "half") sendEvents(response, [first]);
    else if (this.answers === "without end") trickle(response, first);
    else if (this.status !== 200) this.#sendJson(response, { error: { message: "not now", code: "rate" } });
    else if (request.url === "/responses") this.#respond(response, isStream);
    else this.#chat(response, isStream);
  }

  #respond(response: ServerResponse, isStream: boolean): void {
    if (!isStream) this.#sendJson(response, RESPONSE);
    else sendEvents(response, [{ type: "response.completed", sequence_number: 0, response: RESPONSE }]);
  }

  #chat(response: ServerResponse, isStream: boolean): void {
    const message = { role: "assistant", content: "done" };
    const choice = { index: 0, finish_reason: "stop" };
    const object = "chat.completion";
    if (!isStream)
      this.#sendJson(response, { ...CHAT, object, choices: [{ ...choice, message }], usage: USAGE });
    else
      sendEvents(response, [
        { ...CHAT, object: `${object}.chunk`, choices: [{ ...choice, delta: message }] },
        { ...CHAT, object: `${object}.chunk`, choices: [], usage: USAGE },
      ]);
  }

  #sendJson(response: ServerResponse, body: object): void {
    response.writeHead(this.status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }
}

/** The same event again and again, as long as somebody listens. */
function trickle(response: ServerResponse, event: object): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const again = setInterval(() => response.write(`data: ${JSON.stringify(event)}\n\n`), 2);
  response.on("close", () => clearInterval(again));
}

function sendEvents(response: ServerResponse, events: object[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) {
    const name = "type" in event ? `event: ${event.type}\n` : "";
    response.write(`${name}data: ${JSON.stringify(event)}\n\n`);
  }
  response.end("data: [DONE]\n\n");
}
