import type { FamilyPart, MetricFamily } from "../metric-families.ts";
import type { FittedFamily } from "../page-budget.ts";

/** Writes a page of metrics in one format. */
export interface Page {
  /** Adds `target_info`. Call it first. */
  target(labels: string): void;
  /** Adds a family. Returns how many of its points can't be shown because of their value. */
  family(fitted: FittedFamily): Promise<number>;
  /** Call it last. */
  end(): void;
}

/** The first description of a metric of the family. */
export function helpOf({ parts }: MetricFamily): string {
  const described = parts.find(({ metric }) => metric.descriptor.description);
  return described?.metric.descriptor.description ?? "No description.";
}

/** Writes the parts of a family one after the other. Returns the sum of what `write` returns. */
export async function writeParts(
  { family }: FittedFamily,
  write: (part: FamilyPart, offset: number) => Promise<number>,
): Promise<number> {
  let offset = 0;
  let invalid = 0;
  for (const part of family.parts) {
    invalid += await write(part, offset);
    offset += part.metric.dataPoints.length;
  }
  return invalid;
}
