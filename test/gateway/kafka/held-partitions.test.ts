import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Alert } from "../../../src/alerts/alert.ts";
import { HeldPartitions } from "../../../src/gateway/kafka/held-partitions.ts";
import type { Membership } from "../../../src/gateway/kafka/membership.ts";
import { Mutex } from "../../../src/gateway/kafka/mutex.ts";
import { PartitionHomes } from "../../../src/gateway/kafka/partition-homes.ts";
import { PartitionReader } from "../../../src/gateway/kafka/partition-reader.ts";
import { PartitionStates } from "../../../src/gateway/kafka/partition-states.ts";
import { reasonOf } from "../../../src/gateway/kafka/reason-of.ts";
import type { RecordIntake } from "../../../src/gateway/kafka/record-intake.ts";
import { readConfigured } from "../../../src/gateway/read-configured.ts";
import { GatewayCounts } from "../../../src/gateway/self-observation.ts";
import { recordsOf } from "../../../src/gateway/state-records.ts";
import { StreamTable } from "../../../src/gateway/streams/stream-table.ts";
import { ForecastPipeline } from "../../../src/run/forecast-pipeline.ts";
import { eventually } from "../../eventually.ts";
import { World } from "../../run/harness.ts";
import { headerOf } from "../streams/harness.ts";

const FILE = `method: naive
horizons: [1m]
views: [{ instrument: depth, number: level, by: [host] }]
alerts:
  - { name: DepthIsHigh, metric: depth, threshold: { above: 90 }, horizon: 1m, for: 0s, keepFiringFor: 0s, actions: [page] }
actions:
  page: { function: page, effect: protect, mode: act, onResolved: true }
`;
const KEPT = 1;
const MOVED = 2;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "otel-forecast-partitions-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A gateway that reads partitions of a topic. The members of a group share the folder. */
class Member {
  readonly paged: string[] = [];
  readonly held: HeldPartitions;
  readonly pipeline: ForecastPipeline;
  readonly #streams: StreamTable;
  readonly #homes = new PartitionHomes();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    const warn = (message: string): void => {
      throw new Error(message);
    };
    const { options } = readConfigured("gateway.yaml", { environment: {}, readFile: () => FILE, warn });
    this.pipeline = new ForecastPipeline(options, world, { measuresProcess: false, keepsLevels: false });
    this.pipeline.alerting.notifications.register("page", ({ state, labels }: Alert) => {
      this.paged.push(`${labels.host} ${state}`);
    });
    this.#streams = new StreamTable({
      now: world.now,
      windowMillis: 300_000,
      staleMillis: 300_000,
      expiryMillis: 3_600_000,
      maxStreams: 100,
      tenantLabel: "tenant",
      dropped: warn,
    });
    this.pipeline.readers.addSource(this.#streams);
    const isMember = (): boolean => true;
    const states = new PartitionStates({
      ...{ directory: folder, topic: "metrics", clock: world, saveMillis: undefined, isMember },
    });
    this.held = new HeldPartitions(states, this.#homes, () => this.saved);
  }

  get saved() {
    return { pipeline: this.pipeline, streams: this.#streams };
  }

  /** The states of the alerts that are not inactive. */
  get alerts(): string[] {
    return this.pipeline.alerting
      .alerts({})
      .filter(({ state }) => state !== "inactive")
      .map(({ labels, state }) => `${labels.host} ${state}`)
      .sort();
  }

  /** The alerts that this process saves as its own, and not with a partition. */
  get ownAlerts(): unknown {
    const records = recordsOf(this.saved, (key) => this.#homes.of(key));
    return [...records].find(({ kind }) => kind === "alerts")?.data();
  }

  async take(partition: number): Promise<void> {
    const begin = await this.held.load(partition, async () => 0n);
    begin();
  }

  /** Lets an interval pass in which each host has sent its depth, from its partition. */
  async tick(depths: Readonly<Record<string, readonly [partition: number, depth: number]>>): Promise<void> {
    this.#world.millis += 10_000;
    const header = headerOf({ name: "depth" });
    for (const [host, [partition, depth]] of Object.entries(depths)) {
      const place = this.held.all.get(partition);
      if (place === undefined) throw new Error(`partition ${partition} is not read`);
      this.#streams
        .intakeFrom(place.intake)
        .resource("{}", () => ({}))
        .metric("depth", () => header)
        .stream(host, () => ({ host }))
        ?.number(depth, this.#world.now(), Number.NaN);
    }
    await this.pipeline.collect();
  }
}

it("alerts go with their partition to its next member, and are not sent again", async () => {
  const world = new World();
  const [first, second] = [new Member(world), new Member(world)];
  for (const partition of [KEPT, MOVED]) await first.take(partition);
  await first.tick({ a: [KEPT, 95], b: [MOVED, 95] });
  await eventually(() => expect(first.paged).toEqual(["a firing", "b firing"]));
  expect(first.ownAlerts).toMatchObject({ alerts: [], notified: [], actions: [world.now(), world.now()] });

  await first.held.save();
  first.held.give(MOVED);
  await first.tick({ a: [KEPT, 95] });
  expect(first.alerts).toEqual(["a firing"]);
  expect(first.paged).toHaveLength(2);

  await second.take(MOVED);
  await second.tick({ b: [MOVED, 95] });
  expect(second.alerts).toEqual(["b firing"]);
  expect(second.paged).toEqual([]);
  await second.tick({ b: [MOVED, 10] });
  await eventually(() => expect(second.paged).toEqual(["b resolved"]));
});

it("a member that loses all partitions for a while goes on with their alerts", async () => {
  const member = new Member(new World());
  await member.take(KEPT);
  await member.tick({ a: [KEPT, 95] });
  await eventually(() => expect(member.paged).toEqual(["a firing"]));
  await member.held.save();
  member.held.give(KEPT);
  await member.tick({});
  expect(member.alerts).toEqual([]);
  await member.take(KEPT);
  await member.tick({ a: [KEPT, 96] });
  expect(member.alerts).toEqual(["a firing"]);
  expect(member.paged).toEqual(["a firing"]);
});

it("what is counted of a partition began when its first member took it", async () => {
  const world = new World();
  const [first, second] = [new Member(world), new Member(world)];
  const startedAt = world.now();
  await first.take(MOVED);
  await first.tick({ a: [MOVED, 10] });
  await first.held.save();
  first.held.give(MOVED);
  await second.take(MOVED);
  expect(second.held.all.get(MOVED)?.intake).toMatchObject({ startedAt });
  expect(world.now()).toBeGreaterThan(startedAt);
});

it("a partition whose state can't be read is named, and keeps no other one from being read", async () => {
  mkdirSync(join(folder, "kafka", "metrics", `partition-${KEPT}`), { recursive: true });
  const member = new Member(new World());
  let fetched = 0;
  const membership = {
    assigned: [KEPT, MOVED],
    consumer: {
      metadata: async () => ({ topics: new Map([["metrics", { id: "m", partitions: [] }]]) }),
      fetch: async () => {
        fetched += 1;
        return { responses: [] };
      },
    },
    beginningOf: async () => 7n,
  };
  const reading = readerOf(member).readOn(membership as unknown as Membership);
  const problem = await reading.catch(reasonOf);
  expect(problem).toBe(`the state of partition ${KEPT} can't be read: it is not a file`);
  expect([...member.held.all.keys()]).toEqual([MOVED]);
  expect(fetched).toBe(1);
});

function readerOf({ held }: Member, mutex = new Mutex()): PartitionReader {
  const records = { take: async () => {} } as unknown as RecordIntake;
  return new PartitionReader({ topic: "metrics", held, mutex, records, counts: new GatewayCounts("tenant") });
}

/** A member that begins with a partition, and waits for a broker. */
async function beginning(member: Member) {
  const asked = Promise.withResolvers<void>();
  const offset = Promise.withResolvers<bigint>();
  const membership = {
    assigned: [KEPT],
    consumer: { metadata: () => Promise.reject(new Error("no broker")) },
    beginningOf: () => {
      asked.resolve();
      return offset.promise;
    },
  };
  const mutex = new Mutex();
  const reading = readerOf(member, mutex)
    .readOn(membership as unknown as Membership)
    .catch(() => {});
  await asked.promise;
  return { membership, mutex, answer: () => offset.resolve(7n), reading };
}

it("a broker that does not answer keeps no forecasts from being made", async () => {
  const member = new Member(new World());
  const { mutex, answer, reading } = await beginning(member);
  // A collection waits for it.
  (await mutex.take())();
  answer();
  await reading;
  expect(member.held.all.get(KEPT)?.next).toBe(7n);
});

it("a partition that moves away while its beginning is asked for is not begun with", async () => {
  const member = new Member(new World());
  const { membership, answer, reading } = await beginning(member);
  membership.assigned = [];
  answer();
  await reading;
  expect(member.held.all.size).toBe(0);
});
