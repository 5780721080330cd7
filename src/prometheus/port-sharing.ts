import type { ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MetricSource } from "./collect-all.ts";
import type { Address } from "./port-claims.ts";

/**
 * An endpoint as other endpoints of its process see it. Other versions of this package in the
 * process use the same fields: do not rename them.
 */
export interface PortSharer extends Address {
  readonly readers: readonly MetricSource[];
  readonly producers: readonly MetricSource[];
  /** Whether it listens or tries to. */
  readonly isListening: boolean;
  /** Whether it cannot listen and does not try again. */
  readonly isHopeless: boolean;
  /** Called when it is its turn to listen, possibly more than once. */
  takePort(): Promise<void>;
}

/**
 * The other processes that want the port of an endpoint and do the same work, such as the workers
 * of a cluster.
 */
export interface PeerProcesses {
  /**
   * Replaces what the readers of this process show by sums over all processes; `undefined`: nothing
   * is replaced.
   */
  sumWith(shown: readonly ScopeMetrics[]): readonly ScopeMetrics[] | undefined;
  /**
   * Called if the port is taken: whether its owner is one of these processes and shows this one
   * too.
   */
  isShownByOwner?(): Promise<boolean>;
  /** Called when this process listens on the port. */
  onPortAcquired?(): void;
  /** Called when the endpoint ends, while it has the port still. */
  sendLast?(): Promise<void>;
  /** Called when the endpoint has ended and the port is free: another process may take it. */
  leave?(): Promise<void>;
}

const SHARERS = Symbol.for("otel-forecast.endpoints");
const EVERY_HOST = ["0.0.0.0", "::"];

/** The endpoints of this process in the order of their turns, over all copies of this package. */
function sharers(): PortSharer[] {
  const holder = globalThis as { [SHARERS]?: PortSharer[] };
  holder[SHARERS] ??= [];
  return holder[SHARERS];
}

/**
 * Takes a turn. If several endpoints want the same address, the first one listens and shows all of
 * them.
 */
export function takeTurn(sharer: PortSharer): void {
  if (!sharers().includes(sharer)) sharers().push(sharer);
}

/** Whether this endpoint is the one that listens at its address. */
export function isFirst(sharer: PortSharer): boolean {
  return firsts().includes(sharer);
}

/** The endpoints that it shows, itself first. */
export function sharingWith(sharer: PortSharer): PortSharer[] {
  const listening = firsts();
  const shown = sharers().filter((other) => !listening.includes(other) && meet(sharer, other));
  return [sharer, ...shown.filter((other) => other !== sharer)];
}

/** Gives up its turn. The next endpoint that wants the address takes it. */
export async function giveUpTurn(sharer: PortSharer, address: Address): Promise<void> {
  const index = sharers().indexOf(sharer);
  if (index === -1) return;
  sharers().splice(index, 1);
  await passOn(address);
}

/** Lets the endpoints listen that want an address and may have it now. */
export async function passOn(address: Address): Promise<void> {
  await Promise.all(firsts().map((next) => (meet(next, address) ? next.takePort() : undefined)));
}

/**
 * The endpoints that listen, and those that may: no listening or earlier endpoint wants the same
 * address.
 */
function firsts(): PortSharer[] {
  const listening = sharers().filter(({ isListening }) => isListening);
  for (const sharer of sharers())
    if (!sharer.isListening && !sharer.isHopeless && !listening.some((earlier) => meet(earlier, sharer)))
      listening.push(sharer);
  return listening;
}

/** Whether only one of two endpoints can listen. */
function meet(one: Address, other: Address): boolean {
  if (one.port === 0 || one.port !== other.port) return false;
  const hosts = [one, other].map(({ host }) => (host === "localhost" ? "127.0.0.1" : host));
  return hosts[0] === hosts[1] || hosts.some((host) => EVERY_HOST.includes(host));
}
