import { endingOfError } from "../../agents/error-policy.ts";
import { tokenUsage } from "../../agents/token-usage.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import type { ProviderModelCall } from "../work/model-call.ts";
import { type Message, providerOf } from "./message.ts";

const TYPES = ["embed", "embedMany"];
const UNKNOWN = "unknown";

export function isOfEmbeddings({ type }: Message): boolean {
  return TYPES.includes(type);
}

/** The calls of `embed` and `embedMany`. Each is a step of the agent around it, with all its requests. */
export class EmbeddingCalls {
  readonly #work: FrameworkWork;
  /** By the message of their start: the SDK publishes the same object at the end. */
  readonly #open = new WeakMap<Message, ProviderModelCall>();

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  begin(message: Message): void {
    const { modelId: model, provider } = message.event ?? {};
    const call = this.#work.beginEmbeddings({ provider: providerOf(provider) ?? UNKNOWN, model });
    if (call !== undefined) this.#open.set(message, call);
  }

  end(message: Message): void {
    const { error, result } = message;
    const how = error === undefined ? ({ outcome: "success" } as const) : endingOfError(error);
    const { tokens } = (result?.usage ?? {}) as { readonly tokens?: unknown };
    this.#open.get(message)?.ended(how, { usage: tokenUsage(tokens, undefined, undefined) });
  }
}
