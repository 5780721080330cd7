import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ForecastProducer } from "../../src/otel/forecast-producer.ts";
import type { Translation } from "../../src/prometheus/names/translation.ts";
import { PrometheusEndpoint } from "../../src/prometheus/prometheus-endpoint.ts";
import { eventually } from "../eventually.ts";
import { needs, prometheus3 } from "./harness/components.ts";
import { freePorts } from "./harness/free-ports.ts";
import { PrometheusServer, type ScrapeTarget } from "./harness/prometheus.ts";

/** What no name may break: the end of a name, of a label, of a line. */
const HOSTILE = 'a"}\\ 1\n# EOF';

const TRANSLATIONS: readonly Translation[] = ["NoTranslation", "NoUTF8EscapingWithSuffixes"];
const ACCESSES = {
  plain: {},
  native: { scrape_native_histograms: true },
  underscores: { metric_name_escaping_scheme: "underscores" },
  dots: { metric_name_escaping_scheme: "dots" },
  values: { metric_name_escaping_scheme: "values" },
};

describe("a Prometheus 3 that scrapes names in UTF-8", () => {
  const endpoints: PrometheusEndpoint[] = [];
  let server: PrometheusServer | undefined;

  beforeAll(async () => {
    const [serverPort] = (await freePorts(1)) as [number];
    for (const translation of TRANSLATIONS) endpoints.push(await endpointWith(translation));
    if (prometheus3.path === undefined) return;
    const targets = TRANSLATIONS.flatMap((translation, index): ScrapeTarget[] =>
      Object.entries(ACCESSES).map(([name, access]) => ({
        road: `${translation} ${name}`,
        address: `127.0.0.1:${endpoints[index]?.port}`,
        interval: "1s",
        access,
      })),
    );
    server = new PrometheusServer(serverPort, targets, undefined, { program: prometheus3 });
    await server.ready();
  });
  afterAll(async () => {
    await server?.stop();
    for (const endpoint of endpoints) await endpoint.shutdown();
  });

  it.for([
    ["NoTranslation", "plain", "queue.size", "app.name", "jobs.done"],
    ["NoTranslation", "native", "queue.size", "app.name", "jobs.done"],
    ["NoTranslation", "underscores", "queue_size", "app_name", "jobs_done"],
    ["NoTranslation", "dots", "queue_dot_size", "app_dot_name", "jobs_dot_done"],
    ["NoTranslation", "values", "U__queue_2e_size", "U__app_2e_name", "U__jobs_2e_done"],
    ["NoUTF8EscapingWithSuffixes", "plain", "queue.size_bytes", "app.name", "jobs.done_total"],
    ["NoUTF8EscapingWithSuffixes", "native", "queue.size_bytes", "app.name", "jobs.done_total"],
    ["NoUTF8EscapingWithSuffixes", "underscores", "queue_size_bytes", "app_name", "jobs_done_total"],
  ] as const)(
    "has those of %s, asked for %s",
    async ([translation, access, gauge, label, counter], context) => {
      needs(context, prometheus3);
      await eventually(async () => {
        for (const name of [gauge, counter]) {
          const [series] = await samplesOf(`{${JSON.stringify(name)},road="${translation} ${access}"}`);
          expect(series?.labels).toMatchObject({ __name__: name, [label]: "a" });
        }
      });
    },
  );

  it.for(["plain", "native"])("has hostile names whole, asked for %s", async (access, context) => {
    needs(context, prometheus3);
    await eventually(async () => {
      const name = JSON.stringify(HOSTILE);
      const [series] = await samplesOf(`{${name},${name}="x",road="NoTranslation ${access}"}`);
      expect(series?.samples.at(-1)?.[1]).toBe(4);
    });
  });

  it("scrapes every target without an error", async (context) => {
    needs(context, prometheus3);
    await eventually(async () => {
      const up = await samplesOf("up");
      expect(up).toHaveLength(TRANSLATIONS.length * Object.keys(ACCESSES).length);
      expect(up.filter(({ samples }) => samples.at(-1)?.[1] !== 1)).toEqual([]);
    });
  });

  async function samplesOf(selector: string): ReturnType<PrometheusServer["samples"]> {
    return (await server?.samples(`${selector}[1m]`)) ?? [];
  }
});

async function endpointWith(translation: Translation): Promise<PrometheusEndpoint> {
  const producer = new ForecastProducer(Date.now);
  const gauge = (name: string, unit: string) => ({ name, unit, description: "", type: "gauge" }) as const;
  const counter = { name: "jobs.done", unit: "", description: "", type: "counter" } as const;
  producer.series(gauge("queue.size", "By"), { "app.name": "a" }).put(1);
  producer.series(counter, { "app.name": "a" }).put(2);
  producer.series(gauge(HOSTILE, ""), { [HOSTILE]: "x" }).put(4);
  const endpoint = new PrometheusEndpoint({
    ...{ host: "127.0.0.1", port: 0, metricProducers: [producer], translation: () => translation },
  });
  await endpoint.start();
  return endpoint;
}
