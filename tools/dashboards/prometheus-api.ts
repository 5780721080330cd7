/** A series of an answer: its labels, and its values by the second. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [seconds: number, value: number])[];
}

/** A time and a step in which it is asked for, in seconds. */
export interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

interface Sampled {
  readonly metric: Record<string, string>;
  readonly value?: [number, string];
  readonly values?: [number, string][];
}

/** What a dashboard asks of a Prometheus. */
export class PrometheusApi {
  readonly #url: string;

  /** @param url such as `http://127.0.0.1:9090`. */
  constructor(url: string) {
    this.#url = url;
  }

  /** The values now. */
  instant(query: string, time: number): Promise<Series[]> {
    return this.#series("query", { query, time: String(time) });
  }

  range(query: string, { start, end, step }: Range): Promise<Series[]> {
    return this.#series("query_range", {
      query,
      start: String(start),
      end: String(end),
      step: String(step),
    });
  }

  /** The values of a label of the series that a selector selects. */
  labelValues(selector: string, label: string): Promise<string[]> {
    return this.#data(`label/${label}/values`, { "match[]": selector });
  }

  async #series(path: string, parameters: Record<string, string>): Promise<Series[]> {
    const { result } = await this.#data<{ result: Sampled[] }>(path, parameters);
    return result.map(({ metric, value, values = value === undefined ? [] : [value] }) => ({
      labels: metric,
      points: values.map(([at, text]) => [at, Number(text)] as const),
    }));
  }

  async #data<Data>(path: string, parameters: Record<string, string>): Promise<Data> {
    const response = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { data, error } = (await response.json()) as { data?: Data; error?: string };
    if (data === undefined)
      throw new Error(`Prometheus refused ${JSON.stringify(parameters)}: ${error ?? response.status}`);
    return data;
  }
}
