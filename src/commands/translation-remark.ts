import type { ResolvedOptions } from "../config/options.ts";
import { visibleLine } from "../core/visible.ts";
import { DEFAULT_TRANSLATION } from "../prometheus/names/translation.ts";

/** Says on standard error if a process shows other names than the queries that are written for it. */
export function remarkOnTranslation({ translation }: ResolvedOptions): void {
  if (translation === DEFAULT_TRANSLATION) return;
  const remark = `translation is ${translation}, but the queries have the names of ${DEFAULT_TRANSLATION}`;
  console.error(visibleLine(`otel-forecast: ${remark}`));
}
