import { expect, it } from "vitest";
import { streamLabels, targetLabels } from "../../../src/gateway/streams/source-labels.ts";

// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#resource-attributes-1
it.each([
  [{ "service.name": "shop" }, { job: "shop" }],
  [{ "service.name": "shop", "service.namespace": "eu" }, { job: "eu/shop" }],
  [{ "service.name": "shop", "service.namespace": "" }, { job: "shop" }],
  [{ "service.name": "", "service.namespace": "eu" }, {}],
  [{ "service.namespace": "eu", "os.type": "linux" }, {}],
])("the resource %j has the labels %j", (resource, labels) => {
  expect(targetLabels(resource)).toEqual(labels);
});

it("an instance is named by the first that its resource has of: its id, its pod, its container, its host", () => {
  const best = ["service.instance.id", "k8s.pod.uid", "k8s.pod.name", "container.id", "host.name", "host.id"];
  for (const [index, name] of best.entries()) {
    const worse = Object.fromEntries(best.slice(index).map((it) => [it, `the ${it}`]));
    const empty = Object.fromEntries(best.slice(0, index).map((it) => [it, ""]));
    expect(targetLabels({ ...worse, ...empty })).toEqual({ instance: `the ${name}` });
  }
});

it("what a point says of itself wins over its target, and fixed labels win over both", () => {
  const target = { job: "shop", instance: "a" };
  const attributes = { instance: "b", tenant: "mine", "": "nameless" };
  expect(streamLabels(target, attributes, { tenant: "t" })).toEqual({
    ...{ job: "shop", instance: "b", tenant: "t", _: "nameless" },
  });
});
