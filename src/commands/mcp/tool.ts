import type { z } from "zod";
import type { Answer } from "./answer.ts";
import type { ForecastApi } from "./forecast-api.ts";

/** A tool that an assistant can call. It only reads. */
export interface Tool<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** For the assistant: what the tool answers, and when to use it. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** @throws Error with the reason if it can't answer. */
  answer(
    api: ForecastApi,
    input: z.output<Input>,
    signal: AbortSignal,
  ): Promise<Answer<z.output<Output> & Record<string, unknown>>>;
}

/** A tool, with the types of its schemas. */
export function tool<Input extends z.ZodObject, Output extends z.ZodObject>(
  it: Tool<Input, Output>,
): Tool<Input, Output> {
  return it;
}
