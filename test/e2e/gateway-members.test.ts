import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../eventually.ts";
import { Child, packageRoot } from "./harness/child.ts";
import { needs, prometheus, promtool } from "./harness/components.ts";
import { freePort } from "./harness/free-ports.ts";
import { writeBlocks } from "./harness/past-blocks.ts";
import { PrometheusServer } from "./harness/prometheus.ts";

const CLI = join(packageRoot, "dist/cli.cjs");
const QUEUES = Array.from({ length: 60 }, (_, index) => String(index));
const STEP = 15_000;
const END = Math.floor(Date.now() / STEP) * STEP;

/** Two hours of a queue, up to now. */
function* samplesOf(queue: number): Iterable<[at: number, value: number]> {
  for (let at = END - 7_200_000; at <= END; at += STEP) yield [at, 100 * queue + ((at / STEP) % 20)];
}

/** One of several gateways that share the series of a Prometheus. */
class Member {
  readonly number: number;
  readonly #folder: string;
  readonly #web: string;
  readonly #source: string;
  #child: Child | undefined;

  constructor(folder: string, { number, port, source }: { number: number; port: number; source: string }) {
    this.number = number;
    this.#folder = join(folder, String(number));
    this.#web = `127.0.0.1:${port}`;
    this.#source = source;
    mkdirSync(this.#folder);
  }

  start(count: number): void {
    const file = `interval: 1s
horizons: [15s]
sources: [{ prometheus: "${this.#source}", queries: { depth: queue_depth } }]
members: { count: ${count}, number: ${this.number} }
state: { directory: state }
outputs: { prometheus: { address: "${this.#web}" } }
`;
    writeFileSync(join(this.#folder, "gateway.yaml"), file);
    const args = [CLI, "gateway", "--config", "gateway.yaml"];
    this.#child = new Child(`member ${this.number}`, process.execPath, args, { cwd: this.#folder });
  }

  /** The queues that it forecasts now. */
  async forecast(): Promise<string[]> {
    const page = await (await fetch(`http://${this.#web}/metrics`)).text();
    const ready = page.matchAll(/^forecast_ready\{.*queue="(\d+)".*\} 1$/gm);
    return [...ready].map(([, queue]) => queue as string);
  }

  async isReady(): Promise<boolean> {
    return (await fetch(`http://${this.#web}/-/ready`)).ok;
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.ends();
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
  }
}

describe("gateways that share the series of a real Prometheus", () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-members-"));
  const members: Member[] = [];
  let server: PrometheusServer | undefined;

  beforeAll(async () => {
    if (prometheus.path === undefined || promtool.path === undefined) return;
    const past = QUEUES.map((queue) => ({ labels: { queue }, samples: samplesOf(Number(queue)) }));
    server = new PrometheusServer(await freePort(), [], undefined, {
      fill: (data) => writeBlocks(data, "queue_depth", past),
    });
    await server.ready();
    for (const number of [0, 1, 2])
      members.push(new Member(folder, { number, port: await freePort(), source: server.url }));
    for (const member of members) member.start(3);
  });
  afterAll(async () => {
    for (const member of members) await member.stop();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  /** The queues of each member, when each queue is forecast by one of them. */
  function shares(): Promise<string[][]> {
    return eventually(async () => {
      const found = await Promise.all(members.map((member) => member.forecast()));
      expect(found.flat().toSorted()).toEqual(QUEUES.toSorted());
      return found;
    });
  }

  async function ready(member: Member): Promise<void> {
    await eventually(async () => expect(await member.isReady()).toBe(true));
  }

  it("forecast each of them once, also after one was killed", async (context) => {
    needs(context, prometheus, promtool);
    const before = await shares();
    for (const share of before) expect(share.length).toBeGreaterThan(5);
    const [, killed] = members as [Member, Member, Member];
    await killed.kill();
    const left = await Promise.all(
      members.filter((member) => member !== killed).map((member) => member.forecast()),
    );
    expect(left.flat()).toHaveLength(QUEUES.length - (before[1]?.length ?? 0));
    killed.start(3);
    await ready(killed);
    expect(await shares()).toEqual(before);
  });

  it("hand over to one more only what it forecasts, while they are replaced one by one", async (context) => {
    needs(context, prometheus, promtool);
    const before = await shares();
    const added = new Member(folder, { number: 3, port: await freePort(), source: server?.url ?? "" });
    for (const member of [...members]) {
      await member.stop();
      member.start(4);
      await ready(member);
    }
    members.push(added);
    added.start(4);
    await ready(added);
    const after = await shares();
    expect(after[3]?.length).toBeGreaterThan(5);
    for (const [index, share] of before.entries())
      expect(after[index]).toEqual(share.filter((queue) => !after[3]?.includes(queue)));
  });
});
