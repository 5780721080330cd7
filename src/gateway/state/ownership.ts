import { xxHash32 } from "./xx-hash-32.ts";

/** The gateways that share the series, and which of them this one is. */
export interface Members {
  readonly count: number;
  /** Of this gateway, from 0. */
  readonly number: number;
  /** How many gateways forecast each series. */
  readonly replicas: number;
}

/** 2^32 divided by the golden ratio: steps that are spread over all numbers of 32 bits. */
const GOLDEN_STEP = 0x9e3779b9;

/**
 * Tells which members forecast a series, without asking one: rendezvous hashing. Each member has a weight for
 * each series, and the members with the highest weights own it. So if a member is added, only the series that it
 * owns move, and only to it.
 *
 * Source: D. Thaler and C. Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM
 * Transactions on Networking 6(1), 1998. The weight is another one: MurmurHash3's finalizer
 * (A. Appleby, 2011), in which each bit depends on all bits.
 */
export class Ownership {
  readonly #count: number;
  readonly #number: number;
  readonly #replicas: number;

  /** @throws RangeError naming the member that is wrong. */
  constructor({ count, number, replicas }: Members) {
    expectWhole("members.count", count, 1, Number.MAX_SAFE_INTEGER);
    expectWhole("members.number", number, 0, count - 1);
    expectWhole("members.replicas", replicas, 1, count);
    this.#count = count;
    this.#number = number;
    this.#replicas = replicas;
  }

  /** Whether this member forecasts a series. */
  owns(seriesId: string): boolean {
    if (this.#replicas === this.#count) return true;
    const hash = xxHash32(seriesId);
    const own = weightOf(hash, this.#number);
    let above = 0;
    for (let member = 0; member < this.#count; member += 1) if (weightOf(hash, member) > own) above += 1;
    return above < this.#replicas;
  }

  /** The members that forecast a series. The first is the one that is to publish if only one does. */
  ownersOf(seriesId: string): number[] {
    const hash = xxHash32(seriesId);
    const members = Array.from({ length: this.#count }, (_, member) => member);
    members.sort((one, other) => weightOf(hash, other) - weightOf(hash, one));
    return members.slice(0, this.#replicas);
  }
}

/**
 * The number at the end of a host's name: 2 of `gateway-2`, or of `gateway-2.gateways.monitoring.svc`. Pods of a
 * StatefulSet have such names.
 *
 * @throws RangeError if there is none.
 */
export function numberOfHost(hostname: string): number {
  const [, digits] = /^[^.]*?(\d+)(?:\.|$)/.exec(hostname) ?? [];
  const number = Number(digits);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError(
    `members.number is env, and the host is named ${hostname}, expected a name that ends in a number, such as gateway-2`,
  );
}

/** No two members have the same weight: the finalizer maps no two numbers to the same one. */
function weightOf(hash: number, member: number): number {
  let weight = hash + Math.imul(member + 1, GOLDEN_STEP);
  weight = Math.imul(weight ^ (weight >>> 16), 0x85ebca6b);
  weight = Math.imul(weight ^ (weight >>> 13), 0xc2b2ae35);
  return (weight ^ (weight >>> 16)) >>> 0;
}

function expectWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new RangeError(`${name} is ${value}, expected a whole number ${range}`);
}
