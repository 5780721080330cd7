import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compareSync } from "bcryptjs";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { GATEWAY_JOB } from "../../src/artifacts/described-gateway.ts";
import { gatewaySettings } from "../../src/config/gateway/gateway-settings.ts";
import { parseWebFile } from "../../src/config/web/web-config-file.ts";
import { exposedPorts } from "../../src/gateway/exposed-ports.ts";
import { readConfigured } from "../../src/gateway/read-configured.ts";
import { needs, pathOf, program } from "../e2e/harness/components.ts";
import { pages } from "./pages.ts";

const folder = resolve(import.meta.dirname, "../../examples/gateway");
const kubernetes = join(folder, "kubernetes");
const text = (file: string): string => readFileSync(join(folder, file), "utf8");

/** What the example of this path is, as a gateway reads it in its working directory. */
function configured(file: string) {
  return readConfigured(file, {
    environment: {},
    readFile: () => text(file),
    warn: (message) => expect.unreachable(message),
  });
}

const defaults = gatewaySettings();
const PORTS = {
  "otlp-grpc": defaults.receivers.otlpGrpc?.port,
  "otlp-http": defaults.receivers.otlpHttp?.port,
  web: defaults.outputs.web.port,
};

const kustomization = parse(text("kubernetes/kustomization.yaml"));
const documents = kustomization.resources.flatMap((file: string) =>
  parseAllDocuments(text(`kubernetes/${file}`)),
);
// Manifests are read as they are: their types are those of Kubernetes.
const resources = documents.map((document: { toJS(): unknown }) => document.toJS());
const of = (kind: string) => resources.filter((one: { kind: string }) => one.kind === kind);
const [statefulSet] = of("StatefulSet");
const pod = statefulSet.spec.template;
const [container] = pod.spec.containers;
const gateways = ["gateway.yaml", "kubernetes/gateway.yaml"].map((file) => ({ file, ...configured(file) }));

const dockerfile = text("Dockerfile")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"));
const said = (word: string): string[] =>
  dockerfile.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

const unit = text("otel-forecast-gateway.service");
const set = (key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) => value);

describe.for(gateways)("$file", ({ file, settings }) => {
  it("listens for other machines on the usual ports, with a login that nobody knows yet", async () => {
    const { receivers, outputs, webConfigFile } = settings;
    expect([receivers.otlpGrpc?.port, receivers.otlpHttp?.port, outputs.web.port]).toEqual(
      Object.values(PORTS),
    );
    expect([receivers.otlpGrpc?.host, receivers.otlpHttp?.host, outputs.web.host]).toEqual(
      Array(3).fill("0.0.0.0"),
    );
    expect(webConfigFile).toBe(join(file, "../web.yml"));
    const web = join(folder, file, "../web.yml");
    expect(await exposedPorts({ ...settings, webConfigFile: web })).toEqual([]);
    const { users } = parseWebFile(web, readFileSync(web, "utf8")).configWith(() => "");
    const { password = "" } = login();
    for (const hash of users.values())
      for (const guess of ["", password, "password", "prometheus"])
        expect(compareSync(guess, hash)).toBe(false);
  });

  it("is checked without a mistake by the command", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [resolve(folder, "../../src/cli.ts"), "gateway", "--config", "gateway.yaml", "--check"],
      { cwd: join(folder, file, ".."), encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(stdout).not.toContain("remark:");
    expect(status).toBe(0);
  });
});

describe("the image", () => {
  it("has the ports, the folders and the user of the manifests", () => {
    expect(said("EXPOSE").join(" ").split(" ").map(Number)).toEqual(Object.values(PORTS));
    const { runAsUser, runAsGroup } = pod.spec.securityContext;
    expect(said("USER")).toEqual([`${runAsUser}:${runAsGroup}`]);
    const mounted = container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
    expect(mounted).toEqual([said("WORKDIR").at(-1), gateways[0]?.settings.stateDirectory]);
    const owned = `install --directory --owner=${runAsUser} --group=${runAsGroup} ${mounted[1]}`;
    expect(said("RUN")).toContain(owned);
  });

  it("starts the gateway with the file that is mounted, and no shell", () => {
    expect(JSON.parse(said("ENTRYPOINT")[0] ?? "")).toEqual([
      "/app/node_modules/.bin/otel-forecast",
      "gateway",
    ]);
    expect(JSON.parse(said("CMD")[0] ?? "")).toEqual(["--config", "gateway.yaml"]);
    expect(said("HEALTHCHECK").join()).toMatch(/CMD \["node", "\/app\/probe\.mjs", "\/-\/healthy"\]$/);
  });

  it("takes only what is copied, and installs the version of this package", () => {
    const copied = said("COPY").flatMap((rest) => rest.split(" ").slice(0, -1));
    const letIn = text(".dockerignore").split("\n");
    expect(letIn.filter((line) => line.startsWith("!"))).toEqual(copied.map((file) => `!${file}`));
    const { version } = JSON.parse(readFileSync(resolve(folder, "../../package.json"), "utf8"));
    expect(said("ARG")).toEqual([`PACKAGE=otel-forecast@${version}`]);
  });
});

describe("the manifests", () => {
  it("are YAML without mistakes, and all files of the folder", () => {
    for (const { errors, warnings } of documents) expect([...errors, ...warnings]).toEqual([]);
    const { configMapGenerator, secretGenerator, resources: files } = kustomization;
    const generated = [...configMapGenerator, ...secretGenerator].flatMap(
      ({ files: some = [], envs = [] }: { files?: string[]; envs?: string[] }) => [...some, ...envs],
    );
    const named = ["kustomization.yaml", ...files, ...generated];
    expect(readdirSync(kubernetes).sort()).toEqual(named.sort());
  });

  it("are what kustomize builds", (context) => {
    const kubectl = program("kubectl", "https://kubernetes.io/docs/tasks/tools");
    needs(context, kubectl);
    const { status, stdout, stderr } = spawnSync(pathOf(kubectl), ["kustomize", kubernetes], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const built = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(built.map(({ kind }) => kind).sort()).toEqual([
      "ConfigMap",
      "Namespace",
      "NetworkPolicy",
      "PodDisruptionBudget",
      "Secret",
      "Secret",
      "Service",
      "Service",
      "ServiceMonitor",
      "StatefulSet",
    ]);
    const [image] = kustomization.images;
    const set = built.find(({ kind }) => kind === "StatefulSet");
    expect(set.spec.template.spec.containers[0].image).toBe(`${image.newName}:${image.newTag}`);
    for (const { kind, metadata } of built)
      if (kind !== "Namespace") expect(metadata.namespace).toBe(kustomization.namespace);
    expect(built.find(({ kind }) => kind === "ConfigMap").data).toEqual({
      "gateway.yaml": text("kubernetes/gateway.yaml"),
    });
  });

  it("name the configuration, the secrets and the image that kustomize makes", () => {
    const { configMapGenerator, secretGenerator, images, generatorOptions } = kustomization;
    expect(generatorOptions).toEqual({ disableNameSuffixHash: true });
    const made = [...configMapGenerator, ...secretGenerator].map(({ name }: { name: string }) => name);
    const sources = pod.spec.volumes[0].projected.sources;
    const references = [
      ...sources.map((source: Record<string, { name: string }>) => Object.values(source)[0]?.name),
      ...container.env.map(
        ({ valueFrom }: { valueFrom: { secretKeyRef: { name: string } } }) => valueFrom.secretKeyRef.name,
      ),
      ...Object.values<{ name: string }>(of("ServiceMonitor")[0].spec.endpoints[0].basicAuth).map(
        ({ name }) => name,
      ),
    ];
    expect([...new Set(references)].sort()).toEqual([...made].sort());
    expect(images.map(({ name }: { name: string }) => name)).toEqual([container.image]);
    expect(Object.keys(login()).sort()).toEqual(["password", "username"]);
    const users = parse(text("kubernetes/web.yml")).basic_auth_users;
    expect(Object.keys(users)).toContain(login().username);
  });

  it("have as many members as the file, which are told apart by the names of pods", () => {
    const { count, number } = configured("kubernetes/gateway.yaml").settings.members;
    expect(statefulSet.spec.replicas).toBe(count);
    expect(number).toBe("env");
    const [governing] = of("Service").filter(
      ({ metadata }: { metadata: { name: string } }) => metadata.name === statefulSet.spec.serviceName,
    );
    expect(governing.spec).toMatchObject({ clusterIP: "None", publishNotReadyAddresses: true });
    expect(of("PodDisruptionBudget")[0].spec.maxUnavailable).toBe(1);
  });

  it("select the pods, by ports that they have", () => {
    const { labels } = pod.metadata;
    const selectors = [
      statefulSet.spec.selector.matchLabels,
      pod.spec.topologySpreadConstraints[0].labelSelector.matchLabels,
      ...of("Service").map(({ spec }: { spec: { selector: object } }) => spec.selector),
      of("PodDisruptionBudget")[0].spec.selector.matchLabels,
      of("NetworkPolicy")[0].spec.podSelector.matchLabels,
    ];
    for (const selector of selectors) expect(labels).toMatchObject(selector);
    const ports = Object.fromEntries(
      container.ports.map(({ name, containerPort }: { name: string; containerPort: number }) => [
        name,
        containerPort,
      ]),
    );
    expect(ports).toEqual(PORTS);
    for (const { spec } of of("Service"))
      for (const { name, port, targetPort } of spec.ports) {
        expect(ports[targetPort]).toBe(port);
        expect(name).toBe(targetPort);
      }
    const open = of("NetworkPolicy")[0].spec.ingress.flatMap(
      (rule: { ports: { port: string }[] }) => rule.ports,
    );
    expect(open.map(({ port }: { port: string }) => port).sort()).toEqual(Object.keys(PORTS).sort());
  });

  it("let Prometheus scrape each member once, as the generated rules expect", () => {
    const { selector, jobLabel, endpoints } = of("ServiceMonitor")[0].spec;
    const selected = of("Service").filter(({ metadata }: { metadata: { labels: Record<string, string> } }) =>
      Object.entries(selector.matchLabels).every(([name, value]) => metadata.labels[name] === value),
    );
    expect(selected).toHaveLength(1);
    expect(selected[0].metadata.labels[jobLabel]).toBe(GATEWAY_JOB);
    const { options } = configured("kubernetes/gateway.yaml");
    expect(endpoints).toMatchObject([
      {
        port: "web",
        path: "/metrics",
        honorLabels: true,
        interval: `${options.collectionIntervalMillis / 1000}s`,
      },
    ]);
  });

  it("wait for longer than a backfill may take", () => {
    const { startupProbe, readinessProbe, livenessProbe } = container;
    const pathOfProbe = ({ exec }: { exec: { command: string[] } }): string[] => exec.command;
    expect(pathOfProbe(startupProbe)).toEqual(["node", "/app/probe.mjs", "/-/ready"]);
    expect(pathOfProbe(readinessProbe)).toEqual(pathOfProbe(startupProbe));
    expect(pathOfProbe(livenessProbe)).toEqual(["node", "/app/probe.mjs", "/-/healthy"]);
    const [source] = configured("kubernetes/gateway.yaml").settings.sources;
    const limit = (source?.backfill?.timeLimitMillis ?? Number.NaN) / 1000;
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThan(1.2 * limit);
  });

  it("allow no more than a restricted pod may", () => {
    expect(of("Namespace")[0].metadata.labels).toEqual({
      "pod-security.kubernetes.io/enforce": "restricted",
    });
    expect(pod.spec.automountServiceAccountToken).toBe(false);
    expect(pod.spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(container.securityContext).toEqual({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(container.resources.limits.memory).toBe(container.resources.requests.memory);
  });
});

describe("the unit of systemd", () => {
  it("checks and starts the gateway in the folder of its files, and keeps its state", () => {
    const [start = ""] = set("ExecStart");
    expect(set("ExecStartPre")).toEqual([`${start} --check`]);
    expect(start).toMatch(/ gateway --config gateway\.yaml$/);
    expect(set("ExecReload")).toEqual(["/bin/kill -HUP $MAINPID"]);
    expect(`/var/lib/${set("StateDirectory")}`).toBe(configured("gateway.yaml").settings.stateDirectory);
    expect(set("DynamicUser")).toEqual(["yes"]);
    expect(set("Restart")).toEqual(["on-failure"]);
    // V8 compiles at run time.
    expect(set("MemoryDenyWriteExecute")).toEqual([]);
  });

  it("leaves the process memory beside the heap", () => {
    const gibibytes = Number(/^(\d+)G$/.exec(set("MemoryMax")[0] ?? "")?.[1]);
    const mebibytes = Number(/--max-old-space-size=(\d+)/.exec(set("Environment")[0] ?? "")?.[1]);
    expect(mebibytes / (gibibytes * 1024)).toBeCloseTo(0.75, 2);
  });

  it("names a page that is there", () => {
    const [page = ""] = set("Documentation");
    expect(page).toMatch(/^https:\/\/unpkg\.com\/otel-forecast\/docs\//);
    expect(existsSync(resolve(folder, "../..", page.slice("https://unpkg.com/otel-forecast/".length)))).toBe(
      true,
    );
  });

  it("is one that systemd takes, and exposes little", (context) => {
    const analyze = program("systemd-analyze", "systemd");
    needs(context, analyze);
    const temporary = mkdtempSync(join(tmpdir(), "otel-forecast-unit-"));
    try {
      const path = join(temporary, "otel-forecast-gateway.service");
      // systemd asks for the program, which is not installed here.
      writeFileSync(path, unit.replaceAll("/usr/local/bin/otel-forecast", process.execPath));
      const run = (...args: string[]) => spawnSync(pathOf(analyze), [...args, path], { encoding: "utf8" });
      const verified = run("verify");
      expect(verified.stderr).toBe("");
      expect(verified.status).toBe(0);
      // Tenths: 0 is what is exposed least, 100 what is exposed most.
      const secure = run("security", "--offline=true", "--threshold=20");
      expect(secure.status, secure.stdout).toBe(0);
    } finally {
      rmSync(temporary, { recursive: true });
    }
  });
});

it("no file of the example has 100 lines, but for what is generated", () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\/(prometheus|grafana)$/.test(entry.parentPath))
    .map(({ parentPath, name }) => join(parentPath, name));
  expect(files.length).toBeGreaterThan(14);
  expect(files.filter((path) => readFileSync(path, "utf8").split("\n").length > 100)).toEqual([]);
});

it("variables in the example are those of other pages, or of the probe", () => {
  const known = pages
    .filter(({ path }) => !path.startsWith("examples/gateway/"))
    .map((page) => page.text)
    .join();
  const named = [
    "README.md",
    "Dockerfile",
    "otel-forecast-gateway.service",
    "kubernetes/statefulset.yaml",
  ].flatMap((file) => text(file).match(/\bOTEL_[A-Z_]+\b/g) ?? []);
  expect(named).toContain("OTEL_EXPORTER_OTLP_HEADERS");
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
  for (const { name } of container.env) expect(text("probe.mjs")).toContain(name);
});

function login(): Record<string, string> {
  const lines = text("kubernetes/login.env")
    .split("\n")
    .filter((line) => line.includes("=") && !line.startsWith("#"));
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
}
