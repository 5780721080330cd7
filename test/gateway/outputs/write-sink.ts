import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { uncompressed } from "../../../src/wire/remote/snappy.ts";
import { readWriteRequest } from "../../../src/wire/remote/write-request.ts";

/** A request as it arrived: each sample as `name{labels}`, time and value; `end` is the mark of an end. */
export interface Arrived {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly samples: readonly (readonly [series: string, at: number, value: number | "end"])[];
}

/** A server that takes remote write, and answers as a test wants. */
export class WriteSink {
  readonly arrived: Arrived[] = [];
  /** Called for each request; `count` is 1 for the first. */
  answer: (response: ServerResponse, count: number) => void = (response) => {
    response.statusCode = 204;
    response.end();
  };
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { series } = atOnce(readWriteRequest(uncompressed(Buffer.concat(chunks))));
    const samples = series.flatMap((one) =>
      one.samples.map(
        ({ at, value, isEnd }) => [textOf(one.labels()), at, isEnd ? ("end" as const) : value] as const,
      ),
    );
    this.arrived.push({ path: request.url ?? "", headers: request.headers, samples });
    this.answer(response, this.arrived.length);
  });

  async start(port = 0): Promise<string> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v1/write`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

/** As the text format writes a series. */
function textOf(labels: readonly (readonly [string, string])[]): string {
  const name = labels.find(([label]) => label === "__name__")?.[1] ?? "";
  const others = labels
    .filter(([label]) => label !== "__name__")
    .map(([label, value]) => `${label}="${value}"`);
  return others.length === 0 ? name : `${name}{${others.join(",")}}`;
}
