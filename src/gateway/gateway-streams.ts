import { streamLimit } from "../config/gateway/stream-limit.ts";
import type { MemoryGuard } from "./memory-guard.ts";
import { ownershipOf } from "./ownership-of.ts";
import type { Configured } from "./read-configured.ts";
import type { GatewayCounts } from "./self-observation.ts";
import { DropLog } from "./streams/drop-log.ts";
import { StreamTable } from "./streams/stream-table.ts";

/** A gauge counts for so long after its last value, as in Prometheus. */
const STALE_MILLIS = 300_000;

/** What the streams of a gateway are bounded by, and counted with. */
export interface GatewayStreamsParts {
  readonly memory: MemoryGuard;
  readonly counts: GatewayCounts;
  /** See `StreamTableOptions`. */
  now(): number;
  followedNow(): number;
}

/** The streams of a gateway, within the limits of its configuration. */
export function gatewayStreams(
  { settings, options }: Configured,
  { memory, counts, now, followedNow }: GatewayStreamsParts,
): StreamTable {
  const ownership = ownershipOf(settings);
  const drops = new DropLog();
  return new StreamTable({
    now,
    followedNow,
    windowMillis: options.windowMillis,
    staleMillis: STALE_MILLIS,
    expiryMillis: options.expiryMillis,
    maxStreams: streamLimit(settings.limits.streams, options.maxSeries),
    tenantLabel: settings.tenants.label,
    ...(ownership === undefined ? {} : { owns: (id: string) => ownership.owns(id) }),
    hasMemory: () => memory.hasRoom,
    dropped: (reason, tenant) => {
      counts.dropped(reason, 1, tenant);
      drops.dropped(reason);
    },
  });
}
