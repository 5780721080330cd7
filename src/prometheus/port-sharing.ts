import type { MetricSource } from "./collect-all.ts";

/** Where an endpoint listens. */
export interface Place {
  /** Name or address. */
  readonly host: string;
  /** The port that it listens on, or wants to. 0: any, so none that another could want. */
  readonly port: number;
}

/** An endpoint as the others of its process see it. */
export interface PortSharer extends Place {
  readonly readers: readonly MetricSource[];
  readonly producers: readonly MetricSource[];
  /** Whether it listens, or tries to. */
  readonly isListening: boolean;
  /** Whether it has found that it can't listen, and will not try again. */
  readonly isHopeless: boolean;
  /** Told that its turn to listen has come, maybe more than once. */
  takePort(): Promise<void>;
}

const SHARERS = Symbol.for("otel-forecast.endpoints");
const EVERY_HOST = ["0.0.0.0", "::"];

/** The endpoints of this process in the order of their turns, whichever copy of the package made them. */
function sharers(): PortSharer[] {
  const holder = globalThis as { [SHARERS]?: PortSharer[] };
  holder[SHARERS] ??= [];
  return holder[SHARERS];
}

/** Takes a turn: of the endpoints that want one place the first listens, and shows them all. */
export function takeTurn(sharer: PortSharer): void {
  if (!sharers().includes(sharer)) sharers().push(sharer);
}

/** Whether it is the one that listens at its place. */
export function isFirst(sharer: PortSharer): boolean {
  return firsts().includes(sharer);
}

/** Those that share its place, itself first. */
export function sharingWith(sharer: PortSharer): PortSharer[] {
  const listening = firsts();
  const shown = sharers().filter((other) => !listening.includes(other) && meet(sharer, other));
  return [sharer, ...shown.filter((other) => other !== sharer)];
}

/** Gives up its turn; those that want the place that was its own take it. */
export async function giveUpTurn(sharer: PortSharer, place: Place): Promise<void> {
  const index = sharers().indexOf(sharer);
  if (index === -1) return;
  sharers().splice(index, 1);
  await passOn(place);
}

/** Lets those listen that want a place and may have it now. */
export async function passOn(place: Place): Promise<void> {
  await Promise.all(firsts().map((next) => (meet(next, place) ? next.takePort() : undefined)));
}

/** Those that listen, and those whose turn it is to: nobody who listens or came before them is in their way. */
function firsts(): PortSharer[] {
  const listening = sharers().filter(({ isListening }) => isListening);
  for (const sharer of sharers())
    if (!sharer.isListening && !sharer.isHopeless && !listening.some((earlier) => meet(earlier, sharer)))
      listening.push(sharer);
  return listening;
}

/** Whether only one of two can listen. */
function meet(one: Place, other: Place): boolean {
  if (one.port === 0 || one.port !== other.port) return false;
  const hosts = [one, other].map(({ host }) => (host === "localhost" ? "127.0.0.1" : host));
  return hosts[0] === hosts[1] || hosts.some((host) => EVERY_HOST.includes(host));
}
