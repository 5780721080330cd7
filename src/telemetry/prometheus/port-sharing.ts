import type { MetricSource } from "./collect-all.ts";

/** An endpoint as the others of its process see it. */
export interface PortSharer {
  /** The port that it listens on, or wants to. 0: any, so none that another could want. */
  readonly port: number;
  readonly readers: readonly MetricSource[];
  readonly producers: readonly MetricSource[];
  /** Told that its turn to listen has come. */
  takePort(): Promise<void>;
}

const SHARERS = Symbol.for("otel-forecast.endpoints");

/** The endpoints of this process in the order of their turns, whichever copy of the package made them. */
function sharers(): PortSharer[] {
  const holder = globalThis as { [SHARERS]?: PortSharer[] };
  holder[SHARERS] ??= [];
  return holder[SHARERS];
}

/** Takes a turn: of the endpoints that want one port the first listens, and shows them all. */
export function takeTurn(sharer: PortSharer): void {
  if (!sharers().includes(sharer)) sharers().push(sharer);
}

/** Whether it is the one that listens on its port. */
export function isFirst(sharer: PortSharer): boolean {
  return sharer.port === 0 || sharers().find(({ port }) => port === sharer.port) === sharer;
}

/** Those that share its port, itself first. */
export function sharingWith(sharer: PortSharer): PortSharer[] {
  const others = sharers().filter((other) => other !== sharer && other.port === sharer.port);
  return sharer.port === 0 ? [sharer] : [sharer, ...others];
}

/** Gives up its turn; the next that wants the port that was its own takes it. */
export async function giveUpTurn(sharer: PortSharer, port: number): Promise<void> {
  const all = sharers();
  const index = all.indexOf(sharer);
  if (index === -1) return;
  const wasFirst = all.findIndex((other) => other === sharer || other.port === port) === index;
  all.splice(index, 1);
  if (wasFirst && port !== 0) await all.find((other) => other.port === port)?.takePort();
}
