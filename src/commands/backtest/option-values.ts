import { InvalidArgumentError } from "commander";
import type { Bounds } from "../../core/bounds.ts";
import { parseDuration } from "../../core/horizon.ts";
import { isMethodName, methodNames } from "../../forecast/fit-options.ts";
import { isTimeZone, type LocalClock, localClock } from "../../series/local-clock.ts";
import type { DecimalMark } from "./input/table/read-numbers.ts";
import type { HorizonOption } from "./test-plan.ts";

const MAX_HORIZON_STEPS = 10_000;

/**
 * Reads horizons such as `12,60,1d`.
 *
 * @throws InvalidArgumentError with what was expected.
 */
export function parseHorizons(text: string): HorizonOption[] {
  return text.split(",").map((part) => parseSteps(part));
}

/**
 * Reads a whole number of steps, or a duration.
 *
 * @throws InvalidArgumentError with what was expected.
 */
export function parseSteps(text: string): HorizonOption {
  const trimmed = text.trim();
  const steps = Number(trimmed);
  if (/^\d+$/.test(trimmed) && steps >= 1 && steps <= MAX_HORIZON_STEPS) return { steps };
  const seconds = parseDuration(trimmed);
  if (seconds !== undefined) return { seconds };
  throw new InvalidArgumentError(
    `got "${trimmed}": expected a number of steps from 1 to ${MAX_HORIZON_STEPS}, or a duration such as 30s, 5m, 1h or 1d.`,
  );
}

/**
 * Reads a season of at least two steps, or a duration.
 *
 * @throws InvalidArgumentError with what was expected.
 */
export function parseSeason(text: string): HorizonOption {
  const season = parseSteps(text);
  if ("steps" in season && season.steps < 2) {
    throw new InvalidArgumentError(`got "${text}": expected a season of at least 2 steps.`);
  }
  return season;
}

/**
 * Creates a reader of whole numbers between two limits. The reader throws InvalidArgumentError with
 * what was expected.
 */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text.trim()) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`got "${text}": expected a whole number from ${least} to ${most}.`);
  };
}

/**
 * Adds a method to those before.
 *
 * @throws InvalidArgumentError when there is no such method.
 */
export function addMethod(name: string, others: readonly string[] | undefined): string[] {
  if (isMethodName(name)) return [...(others ?? []), name];
  throw new InvalidArgumentError(`got "${name}": expected one of ${methodNames.join(", ")}.`);
}

/**
 * Creates the clock of a time zone.
 *
 * @throws InvalidArgumentError with what was expected.
 */
export function parseTimeZone(name: string): LocalClock {
  if (isTimeZone(name)) return localClock(name);
  throw new InvalidArgumentError(
    `got "${name}": expected the name of a time zone such as Europe/Berlin or UTC.`,
  );
}

/**
 * Reads a decimal mark.
 *
 * @throws InvalidArgumentError with what was expected.
 */
export function parseDecimalMark(text: string): DecimalMark {
  if (text === "." || text === ",") return text;
  throw new InvalidArgumentError(`got "${text}": expected . or ,`);
}

/** Adds a text to those before. */
export function addText(text: string, others: readonly string[] | undefined): string[] {
  return [...(others ?? []), text];
}

/**
 * Reads bounds such as `0,100`, `0,` or `,100`.
 *
 * @throws InvalidArgumentError with what was expected.
 */
export function parseBounds(text: string): Bounds {
  const parts = text.split(",").map((part) => part.trim());
  const [lower, upper] = parts.map((part) => (part === "" ? undefined : Number(part)));
  const isRight =
    parts.length === 2 &&
    [lower, upper].every((bound) => bound === undefined || Number.isFinite(bound)) &&
    (lower === undefined || upper === undefined || lower < upper);
  if (!isRight) {
    throw new InvalidArgumentError(
      `got "${text}": expected LOWER,UPPER such as 0,100, or one of them: 0, or ,100.`,
    );
  }
  return { ...(lower === undefined ? {} : { lower }), ...(upper === undefined ? {} : { upper }) };
}
