import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { MODEL, type Script, searchOf, TOKENS, Turns } from "../contract/script.ts";

const OUTPUT = "genkit:output";
const usage = { inputTokens: TOKENS.input, outputTokens: TOKENS.output };

/** Runs an agent as Genkit does, with the same spans. */
export class FakeGenkit {
  readonly #tracer: Tracer;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  /** An agent does not throw if its turn fails: its output says so. */
  async send(script: Script): Promise<void> {
    const turns = new Turns(script);
    const search = searchOf(script);
    await this.#action({ name: script.agent, subtype: "agent" }, undefined, async (agent) => {
      const reason = await this.#turn(script, { turns, search, agent }).catch(() => "failed");
      agent.setAttribute(OUTPUT, JSON.stringify({ sessionId: "s", finishReason: reason }));
    });
  }

  async #turn(
    { signal }: Script,
    { turns, search, agent }: { turns: Turns; search: () => Promise<unknown>; agent: Span },
  ): Promise<string> {
    for (;;) {
      const turn = await this.#action({ name: `fake/${MODEL}`, subtype: "model" }, agent, async (model) => {
        const taken = await turns.next();
        model.setAttribute(OUTPUT, JSON.stringify({ finishReason: "stop", usage }));
        return taken;
      });
      if (turn === "answer") return "stop";
      // Its agent goes on with the error of a tool as its answer.
      await this.#action({ name: "search", subtype: "tool" }, agent, search).catch(() => {});
      if (signal?.aborted === true) return "aborted";
    }
  }

  async #action<Result>(
    { name, subtype }: { readonly name: string; readonly subtype: string },
    parent: Span | undefined,
    work: (span: Span) => Promise<Result>,
  ): Promise<Result> {
    const attributes: Attributes = { "genkit:type": "action", "genkit:metadata:subtype": subtype };
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent);
    const span = this.#tracer.startSpan(name, { attributes }, context);
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
}
