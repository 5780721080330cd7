import type { PageQuery } from "./page-query.ts";
import type { TimeTexts } from "./texts.ts";

/** What every part of the page needs beside its data. */
export interface ViewContext {
  readonly query: PageQuery;
  readonly now: number;
  readonly times: TimeTexts;
}
