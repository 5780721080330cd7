import type { Consumer, KafkaRecord } from "@platformatic/kafka";

const MAX_WAIT_MILLIS = 500;
const MAX_BYTES = 8 * 2 ** 20;
const MAX_BYTES_OF_PARTITION = 2 ** 20;
/** A batch with these attributes holds marks of transactions, not data. */
const CONTROL = 0x20;
/** https://kafka.apache.org/protocol#protocol_error_codes */
const OFFSET_OUT_OF_RANGE = 1;

/** Where a partition is read. */
export interface Position {
  readonly partition: number;
  readonly next: bigint;
}

/** What a broker has sent of a partition. */
export interface Fetched {
  readonly partition: number;
  /** In their order; each with its offset. */
  readonly records: readonly { readonly offset: bigint; readonly record: KafkaRecord }[];
  /** Where to read next. */
  readonly next: bigint;
  /** The offset after the last record of the partition. */
  readonly end: bigint;
}

/**
 * Reads on in partitions, from the brokers that lead them.
 *
 * @returns what has come, and what went wrong: one broker does not keep the others from being read.
 */
export async function fetchRecords(
  consumer: Consumer,
  topic: string,
  positions: readonly Position[],
): Promise<{ readonly fetched: Fetched[]; readonly errors: unknown[] }> {
  const known = (await consumer.metadata({ topics: [topic] })).topics.get(topic);
  if (known === undefined) throw new Error(`Kafka does not know the topic ${topic}`);
  const byLeader = Map.groupBy(positions, ({ partition }) => known.partitions[partition]?.leader ?? -1);
  const answers = await Promise.allSettled(
    Array.from(byLeader, ([node, ofNode]) => fetchFrom(consumer, known.id, node, ofNode)),
  );
  const fetched: Fetched[] = [];
  const errors: unknown[] = [];
  for (const answer of answers)
    if (answer.status === "fulfilled") fetched.push(...answer.value);
    else errors.push(answer.reason);
  return { fetched, errors };
}

async function fetchFrom(
  consumer: Consumer,
  topicId: string,
  node: number,
  positions: readonly Position[],
): Promise<Fetched[]> {
  const { responses } = await consumer.fetch({
    node,
    maxWaitTime: MAX_WAIT_MILLIS,
    minBytes: 1,
    maxBytes: MAX_BYTES,
    topics: [
      {
        topicId,
        partitions: positions.map(({ partition, next }) => ({
          partition,
          fetchOffset: next,
          currentLeaderEpoch: -1,
          lastFetchedEpoch: -1,
          partitionMaxBytes: MAX_BYTES_OF_PARTITION,
        })),
      },
    ],
  });
  const places = new Map(positions.map(({ partition, next }) => [partition, next]));
  return responses.flatMap(({ partitions }) =>
    partitions.flatMap(({ partitionIndex: partition, records: batches, highWatermark: end }) => {
      const from = places.get(partition);
      if (from === undefined) return [];
      let next = from;
      const records: Fetched["records"][number][] = [];
      for (const { firstOffset, lastOffsetDelta, attributes, records: ofBatch } of batches ?? []) {
        next = firstOffset + BigInt(lastOffsetDelta) + 1n;
        if ((attributes & CONTROL) !== 0) continue;
        for (const record of ofBatch) {
          const offset = firstOffset + BigInt(record.offsetDelta);
          // A batch may begin before the place that was asked for.
          if (offset >= from) records.push({ offset, record });
        }
      }
      return [{ partition, records, next, end }];
    }),
  );
}

/** The partitions whose offset is not kept, as the error of a fetch tells. */
export function outOfRange(error: unknown): number[] {
  const { response } = error as {
    response?: { responses?: { partitions: { partitionIndex: number; errorCode: number }[] }[] };
  };
  return (response?.responses ?? []).flatMap(({ partitions }) =>
    partitions
      .filter(({ errorCode }) => errorCode === OFFSET_OUT_OF_RANGE)
      .map(({ partitionIndex }) => partitionIndex),
  );
}
