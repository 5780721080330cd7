import type { Threshold } from "../core/threshold.ts";
import { type AdviceFamily, ANYTHING, FAMILIES } from "./metric-families.ts";

/** The family of a metric, and its name in sentences. */
export function familyOf(metricName: string): { readonly family: AdviceFamily; readonly noun: string } {
  const family = FAMILIES.find((candidate) => candidate.matches.test(metricName)) ?? ANYTHING;
  const caught = family.matches.exec(metricName)?.[1] ?? "";
  return { family, noun: family.noun?.replace("$1", caught.replaceAll("_", " ")) ?? metricName };
}

/**
 * Advice against crossing a threshold: that of the family, unless this direction is good for the
 * family.
 */
export function adviceAgainst(metricName: string, direction: Threshold["direction"]): string {
  const { family } = familyOf(metricName);
  const way = direction === "above" ? "rising" : "falling";
  const { whenRising, whenFalling } = ["neither", way].includes(family.trouble) ? family : ANYTHING;
  return way === "rising" ? whenRising : whenFalling;
}
