import { isIPv6 } from "node:net";
import { TokenBucket } from "./token-bucket.ts";

/** Failed logins of one address: ten at once, then one each six seconds. */
const OF_ADDRESS = { intervalMillis: 6000, burst: 10 };
/** Comparisons of passwords for all addresses: 20 at once, then one each second. */
const OF_ALL = { intervalMillis: 1000, burst: 20 };
/** The maximum of addresses that are remembered. */
const MAX_ADDRESSES = 1000;

/**
 * Limits failed logins, by address and in all. A comparison of a password takes much CPU by design,
 * so a flood of logins must not cause a flood of comparisons.
 */
export class FailedLogins {
  readonly #all: TokenBucket;
  readonly #byAddress = new Map<string, TokenBucket>();

  constructor(now: number) {
    this.#all = new TokenBucket(OF_ALL, now);
  }

  /** Counts a failed login. `false`: the address has failed too often. */
  fail(address: string, now: number): boolean {
    return this.#bucketOf(address, now).take(now);
  }

  /**
   * Counts an attempt whose password must be compared, as a failed one until `succeeded` is called.
   * `false`: it must not be compared.
   */
  mayCompare(address: string, now: number): boolean {
    const bucket = this.#bucketOf(address, now);
    if (!bucket.take(now)) return false;
    if (this.#all.take(now)) return true;
    bucket.giveBack();
    return false;
  }

  /** The attempt of an address was right. */
  succeeded(address: string, now: number): void {
    this.#bucketOf(address, now).giveBack();
    this.#all.giveBack();
  }

  #bucketOf(address: string, now: number): TokenBucket {
    const key = networkOf(address);
    const bucket = this.#byAddress.get(key) ?? new TokenBucket(OF_ADDRESS, now);
    // The latest last, so that the first one is the oldest.
    this.#byAddress.delete(key);
    this.#byAddress.set(key, bucket);
    if (this.#byAddress.size > MAX_ADDRESSES) {
      const [oldest] = this.#byAddress.keys();
      this.#byAddress.delete(oldest as string);
    }
    return bucket;
  }
}

/** One client has a whole /64 of IPv6 addresses. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":");
  if (tail !== undefined) {
    const after = tail.split(":").length;
    while (groups.length + after < 8) groups.push("0");
  }
  return groups.slice(0, 4).join(":");
}
