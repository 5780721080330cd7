import { existsSync, readFileSync } from "node:fs";
import { posix, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { settings } from "../../src/config/settings.ts";
import { pageAt, pages } from "./pages.ts";

const folder = resolve(import.meta.dirname, "../../examples/containers");
const PORT = settings.port.fallback;
const OWN_PAGES = ["docs/containers.md", "examples/containers/README.md"];

interface Variable {
  readonly name: string;
  readonly value?: string;
}
interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly Variable[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Pod {
  readonly metadata: { readonly labels: Labels; readonly annotations: Labels };
  readonly spec: {
    readonly securityContext: { readonly runAsUser: number; readonly runAsGroup: number };
    readonly containers: readonly [Container];
    readonly volumes: readonly { readonly name: string }[];
  };
}
interface Selector {
  readonly matchLabels: Labels;
}
type Labels = Readonly<Record<string, string>>;

function text(file: string): string {
  return readFileSync(resolve(folder, file), "utf8");
}

const dockerfile = text("Dockerfile")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => ({ word: line.split(" ")[0], rest: line.slice(line.indexOf(" ") + 1) }));
const compose = parse(text("compose.yaml"));
const resources = parseAllDocuments(text("kubernetes.yaml"));
const [deployment, networkPolicy, podMonitor] = resources.map((document) => document.toJS());
const pod: Pod = deployment.spec.template;
const [container] = pod.spec.containers;

function said(word: string): string[] {
  return dockerfile.filter((line) => line.word === word).map(({ rest }) => rest);
}

const ofImage: Variable[] = said("ENV").map((rest) => {
  const [name = "", value = ""] = rest.split(/=(.*)/s);
  return { name, value: value.replace(/^"(.*)"$/, "$1") };
});
const ofCompose: Variable[] = Object.entries<string>(compose.services.app.environment).map(
  ([name, value]) => ({ name, value }),
);
const variables = [...ofImage, ...ofCompose, ...container.env];

function portNamed(name: string): number | undefined {
  return container.ports.find((port) => port.name === name)?.containerPort;
}

describe("the variables of containers", () => {
  const known = new Set(
    pages
      .filter(({ path }) => !OWN_PAGES.includes(path))
      .flatMap((page) => page.text.match(/\bOTEL_[A-Z_]+\b/g) ?? []),
  );
  const named = [
    ...["Dockerfile", "compose.yaml", "kubernetes.yaml"].map(text),
    ...OWN_PAGES.map((path) => pageAt(path).text),
  ].flatMap((it) => it.match(/\bOTEL_[A-Z_]+\b/g) ?? []);

  it.for([...new Set(named)])("%s is spelt as in the other pages", (name) => {
    expect(known).toContain(name);
  });

  it("are those of OpenTelemetry and Node, and what these are made of", () => {
    const others = variables.filter(({ name }) => !/^(OTEL_|NODE_)/.test(name));
    for (const { name } of others)
      expect(variables.filter(({ value }) => value?.includes(`$(${name})`))).toHaveLength(1);
  });

  it("are made of variables that come before them, as Kubernetes wants it", () => {
    for (const [index, { value = "" }] of container.env.entries())
      for (const [, name] of value.matchAll(/\$\((\w+)\)/g))
        expect(container.env.slice(0, index).map((earlier) => earlier.name)).toContain(name);
  });

  it.for(Object.values(settings))("$variable has a value that is accepted", (setting) => {
    const given = variables.filter(({ name }) => name === setting.variable);
    expect(given.map(({ value }) => setting.fromText(value ?? ""))).not.toContain(undefined);
  });

  it("start the plugin, and let it listen where it can be reached", () => {
    expect(ofImage).toContainEqual({ name: "NODE_OPTIONS", value: "--import otel-forecast/register" });
    expect(ofImage).toContainEqual({ name: settings.host.variable, value: "0.0.0.0" });
  });
});

describe("the port of the metrics", () => {
  it("is one for the image, the pod, its annotations and its monitor", () => {
    expect(said("EXPOSE").join(" ").split(" ").map(Number)).toEqual(
      container.ports.map(({ containerPort }) => containerPort),
    );
    expect(portNamed("metrics")).toBe(PORT);
    expect(pod.metadata.annotations).toEqual({
      "prometheus.io/scrape": "true",
      "prometheus.io/port": String(PORT),
      "prometheus.io/path": "/metrics",
    });
    expect(podMonitor.spec.podMetricsEndpoints).toMatchObject([{ port: "metrics", path: "/metrics" }]);
    for (const { ports } of networkPolicy.spec.ingress)
      for (const { port } of ports) expect(portNamed(port)).toBeDefined();
  });

  it("is scraped by the Prometheus of compose.yaml, and not published", () => {
    const targets = parse(text("prometheus.yml")).scrape_configs.flatMap(
      (scrape: { static_configs: { targets: string[] }[] }) =>
        scrape.static_configs.flatMap((it) => it.targets),
    );
    expect(targets).toEqual([`app:${PORT}`]);
    expect(compose.services.app.ports.join()).not.toContain(String(PORT));
  });

  it("is read as often as is measured", () => {
    const seconds = `${settings.collectionIntervalMillis.fallback / 1000}s`;
    expect(podMonitor.spec.podMetricsEndpoints[0].interval).toBe(seconds);
    expect(parse(text("prometheus.yml")).global.scrape_interval).toBe(seconds);
  });
});

describe("kubernetes.yaml", () => {
  it("is YAML without mistakes", () => {
    expect(resources.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    expect(resources).toHaveLength(3);
  });

  it("selects its pods", () => {
    const selectors: Selector[] = [
      deployment.spec.selector,
      networkPolicy.spec.podSelector,
      podMonitor.spec.selector,
    ];
    for (const { matchLabels } of selectors) expect(pod.metadata.labels).toMatchObject(matchLabels);
    expect(Object.keys(pod.metadata.labels)).toContain(podMonitor.spec.jobLabel);
  });

  it("runs as the user of the image", () => {
    const { runAsUser, runAsGroup } = pod.spec.securityContext;
    expect(said("USER")).toEqual([`${runAsUser}:${runAsGroup}`]);
  });

  it("has every volume that is mounted", () => {
    const names = container.volumeMounts.map(({ name }) => name);
    expect(names.sort()).toEqual(pod.spec.volumes.map(({ name }) => name).sort());
  });
});

it("the history lies in a folder that can be written, wherever the image runs", () => {
  const folders = [...ofCompose, ...container.env]
    .filter(({ name }) => name === settings.history.variable)
    .map(({ value = "" }) => posix.dirname(value.slice("file:".length)));
  expect(folders).toHaveLength(2);
  for (const it of folders) {
    expect(said("RUN").join("\n")).toMatch(new RegExp(`^install .* ${it}$`, "m"));
    expect(compose.services.app.volumes).toContain(`state:${it}`);
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toContain(it);
  }
});

it("the files that are copied or mounted are there", () => {
  const copied = said("COPY")
    .filter((rest) => !rest.startsWith("--from"))
    .flatMap((rest) => rest.split(" ").slice(0, -1));
  const letIn = text(".dockerignore").split("\n");
  for (const file of copied) expect(letIn).toContain(`!${file}`);
  // Made by what README.md says to do first.
  const made = ["package-lock.json", "*.tgz"];
  const mounted = compose.services.prometheus.volumes.map((volume: string) => volume.split(":")[0]);
  for (const file of [...copied.filter((it) => !made.includes(it)), ...mounted])
    expect(existsSync(resolve(folder, file)), file).toBe(true);
});
