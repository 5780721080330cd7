import { z } from "zod";
import type { ReadApi } from "../read-api.ts";
import {
  type AlertAnswer,
  alertAnswer,
  type DetailAnswer,
  detailAnswer,
  type ListAnswer,
  listAnswer,
} from "./api-answers.ts";

/** Which series are asked for. */
export interface Wanted {
  readonly match?: string;
  readonly search?: string;
  readonly limit: number;
}

/** The answers of the read API, checked and bounded. */
export class ForecastApi {
  readonly #api: ReadApi;

  constructor(api: ReadApi) {
    this.#api = api;
  }

  /** The series that are selected, the most urgent first. */
  list({ match, search, limit }: Wanted, signal: AbortSignal): Promise<ListAnswer> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (match !== undefined) query.set("match", match);
    if (search !== undefined) query.set("search", search);
    return this.#read(listAnswer, `/api/forecasts?${query}`, signal);
  }

  /** One series with the quality of its forecasts. */
  series(id: string, signal: AbortSignal): Promise<DetailAnswer> {
    return this.#read(detailAnswer, `/api/series/${encodeURIComponent(id)}`, signal);
  }

  /** The alerts that are not inactive. */
  async alerts(signal: AbortSignal): Promise<readonly AlertAnswer[]> {
    const { alerts } = await this.#read(z.object({ alerts: z.array(alertAnswer) }), "/api/alerts", signal);
    return alerts;
  }

  async #read<Schema extends z.ZodType>(
    schema: Schema,
    path: string,
    signal: AbortSignal,
  ): Promise<z.output<Schema>> {
    const { success, data, error } = schema.safeParse(await this.#api.get(path, signal));
    if (success) return data;
    const [issue] = error.issues;
    const place = issue?.path.join(".") || "its answer";
    throw this.#api.failure(`it answers otherwise than expected: ${place}: ${issue?.message}`);
  }
}
