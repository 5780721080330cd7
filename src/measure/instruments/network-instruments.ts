import type { Meter } from "@opentelemetry/api";

type Direction = "receive" | "transmit";
type Counts = Readonly<Record<"bytes" | "errors" | "dropped", number>>;

const COUNTERS = [
  ["system.network.io", "bytes", "Network transmit and received bytes"],
  ["system.network.errors", "errors", "Network errors counter"],
  ["system.network.packet.dropped", "dropped", "Network dropped packets"],
] as const;
const DIRECTIONS: readonly Direction[] = ["receive", "transmit"];

/**
 * Observes what the network interfaces of the machine count, by the names and attributes of
 * `@opentelemetry/instrumentation-host-metrics`, whose own group for this starts a process at each collection.
 *
 * @param read what each interface has counted, by its name; `undefined` where that can't be read.
 */
export function observeNetwork(
  meter: Meter,
  read: () => Promise<ReadonlyMap<string, Readonly<Record<Direction, Counts>>> | undefined>,
): void {
  const counters = COUNTERS.map(([name, count, description]) => ({
    count,
    counter: meter.createObservableCounter(name, { description }),
  }));
  meter.addBatchObservableCallback(
    async (result) => {
      for (const [device, counted] of (await read()) ?? []) {
        for (const direction of DIRECTIONS) {
          const attributes = { "system.device": device, "network.io.direction": direction };
          for (const { counter, count } of counters)
            result.observe(counter, counted[direction][count], attributes);
        }
      }
    },
    counters.map(({ counter }) => counter),
  );
}
