import { hostname } from "node:os";
import type { Consumer, GroupProtocolSubscription } from "@platformatic/kafka";
import type { KafkaSettings } from "../../config/gateway/kafka-settings.ts";
import { kafkaConnection } from "./kafka-connection.ts";
import type { Kafka } from "./kafka-package.ts";

const CLIENT_ID = "otel-forecast-gateway";
/** Kafka's own consumers have the same share: of three heartbeats, two may get lost. */
const HEARTBEATS_IN_SESSION = 3;
const MOST_HEARTBEAT_MILLIS = 3000;
/** Another gateway may save what it has of a partition for so long, before the partition moves. */
const LEAST_REBALANCE_MILLIS = 60_000;
const EARLIEST = -2n;
const LATEST = -1n;
/** The version of the data of a member in which it names its generation by hand. */
const STICKY = { name: "cooperative-sticky", version: 1 } satisfies GroupProtocolSubscription;

/** Is called when something happens to a membership. */
export interface MembershipObserver {
  /** Partitions are about to go to other members. They wait for this. */
  leaving(): Promise<void>;
  rebalanced(): void;
  failed(error: unknown): void;
}

/**
 * One member of a consumer group, with a name that lasts over restarts: static membership and the
 * cooperative-sticky protocol. So a restart moves no partition, and a new member moves only its own.
 *
 * https://cwiki.apache.org/confluence/display/KAFKA/KIP-345, /KIP-429
 */
export class Membership {
  readonly consumer: Consumer;
  readonly #settings: KafkaSettings;
  readonly #observer: MembershipObserver;
  #isBroken = false;
  #hasJoined = false;

  constructor(kafka: Kafka, settings: KafkaSettings, observer: MembershipObserver) {
    const { group, instance = hostname(), sessionMillis } = settings;
    this.#settings = settings;
    this.#observer = observer;
    this.consumer = new kafka.Consumer({
      ...kafkaConnection(settings),
      clientId: CLIENT_ID,
      bootstrapBrokers: [...settings.brokers],
      groupId: group,
      groupInstanceId: instance,
      sessionTimeout: sessionMillis,
      rebalanceTimeout: Math.max(sessionMillis, LEAST_REBALANCE_MILLIS),
      heartbeatInterval: Math.min(MOST_HEARTBEAT_MILLIS, sessionMillis / HEARTBEATS_IN_SESSION),
      protocols: [STICKY],
      // Called before each request to join: the last moment at which partitions are still ours.
      protocolsMetadata: async () => this.#beforeJoin(),
      autocommit: false,
    });
    this.consumer.topics.track(settings.topic);
    this.consumer.on("error", (error: unknown) => this.#broke(error));
    this.consumer.on("consumer:group:join", () => observer.rebalanced());
  }

  /** @throws if the brokers can't be reached, or don't let this member in. */
  async join(): Promise<void> {
    await this.consumer.joinGroup({});
    this.#hasJoined = true;
  }

  /** Whether it has to be replaced by a new one. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether the partitions that are assigned to it can't be those of another member yet. */
  get isMember(): boolean {
    const { lastHeartbeat } = this.consumer;
    if (!this.#hasJoined || this.#isBroken) return false;
    return lastHeartbeat === null || Date.now() - lastHeartbeat.getTime() < this.#settings.sessionMillis;
  }

  /** Whether it is in the group now, and not about to join anew. */
  get isSettled(): boolean {
    return this.isMember && this.consumer.isActive();
  }

  /** The partitions that it has. */
  get assigned(): readonly number[] {
    const ofTopic = this.consumer.assignments?.find(({ topic }) => topic === this.#settings.topic);
    return ofTopic?.partitions ?? [];
  }

  /** Where to begin in a partition of which no state is known: where the group was, or as the settings say. */
  async beginningOf(partition: number): Promise<bigint> {
    const { topic, initialOffset } = this.#settings;
    const committed = await this.consumer.listCommittedOffsets({
      topics: [{ topic, partitions: [partition] }],
    });
    const offset = committed.get(topic)?.[0];
    if (offset !== undefined && offset >= 0n) return offset;
    return this.edgeOf(partition, initialOffset);
  }

  /** The first offset that can be read, or the one after the last. */
  async edgeOf(partition: number, edge: "earliest" | "latest"): Promise<bigint> {
    const { topic } = this.#settings;
    const timestamp = edge === "earliest" ? EARLIEST : LATEST;
    const offsets = await this.consumer.listOffsets({
      topics: [topic],
      partitions: { [topic]: [partition] },
      timestamp,
    });
    const offset = offsets.get(topic)?.[partition];
    if (offset === undefined) throw new Error(`Kafka does not tell the offsets of partition ${partition}`);
    return offset;
  }

  /** Tells the group how far the partitions are read. */
  async commit(offsets: ReadonlyMap<number, number>): Promise<void> {
    const { topic } = this.#settings;
    await this.consumer.commit({
      offsets: Array.from(offsets, ([partition, offset]) => ({
        topic,
        partition,
        offset: BigInt(offset),
        leaderEpoch: -1,
      })),
    });
  }

  /** Ends. The group keeps its partitions for it until the session ends. */
  async close(): Promise<void> {
    // A member without an id sends no request to leave.
    this.consumer.memberId = null;
    try {
      await this.consumer.leaveGroup(true);
      await this.consumer.close(true);
    } catch {
      // The connections end with the process.
    }
  }

  async #beforeJoin(): Promise<Buffer> {
    if (this.#hasJoined) await this.#observer.leaving();
    const { memberId, generationId } = this.consumer;
    const generation = Buffer.alloc(4);
    generation.writeInt32BE(memberId !== null && this.assigned.length > 0 ? generationId : -1);
    return generation;
  }

  #broke(error: unknown): void {
    this.#isBroken = true;
    this.#observer.failed(error);
  }
}
