/**
 * How often a property is tried: so many times, or, in the attack, until its time is over. The attack sets
 * the time and the seed for all properties.
 */
export function runs(usual: number): number {
  return process.env.ATTACK_SEED === undefined ? usual : Number.MAX_SAFE_INTEGER;
}
