import { appendFileSync } from "node:fs";

/** The defaults; `run.mjs` sets the variables. */
const MINUTES = 3;

const counts = new Map<string, number>();

/** Milliseconds of a part of the attack, which takes longer where the attack has more minutes. */
export function timeBox(secondsByDefault: number): number {
  return (secondsByDefault * 1000 * Number(process.env.ATTACK_MINUTES ?? MINUTES)) / MINUTES;
}

export const seed = Number(process.env.ATTACK_SEED ?? 1);

/** Adds attempts of a kind to the summary. */
export function attempted(kind: string, count = 1): void {
  counts.set(kind, (counts.get(kind) ?? 0) + count);
}

/** Hands the counts of a test file to `run.mjs`. */
export function writeAttempts(): void {
  const file = process.env.ATTACK_COUNTS_FILE;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify([...counts])}\n`);
  counts.clear();
}
