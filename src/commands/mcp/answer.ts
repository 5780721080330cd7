import type { CallToolResult } from "@modelcontextprotocol/server";
import { seenData, seenText } from "./data-text.ts";

/** The most bytes of all rows of an answer. With the rest, an answer has less than 100 kB. */
const MAX_ROW_BYTES = 75_000;

/** An entry of a list: as data, and as a line for a person. */
export interface Row<Data> {
  readonly data: Data;
  readonly line: string;
}

/** What a tool answers: as data, and as lines for a person. */
export interface Answer<Data> {
  readonly data: Data;
  readonly lines: readonly string[];
}

/** The first rows, as many as an answer has room for. */
export function fittingRows<Data>(rows: readonly Row<Data>[]): Row<Data>[] {
  const fitting: Row<Data>[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += bytesOf(seenData(row.data)) + bytesOf(seenText(row.line));
    if (bytes > MAX_ROW_BYTES) break;
    fitting.push(row);
  }
  return fitting;
}

/** An answer as the protocol has it. What cannot be seen in texts of others is made visible. */
export function resultOf({ data, lines }: Answer<Record<string, unknown>>): CallToolResult {
  return {
    content: [{ type: "text", text: lines.map(seenText).join("\n") }],
    structuredContent: seenData(data),
  };
}

/** The answer of a tool that could not do what it was asked. */
export function failureOf(reason: string): CallToolResult {
  return { content: [{ type: "text", text: seenText(reason) }], isError: true };
}

function bytesOf(data: unknown): number {
  return Buffer.byteLength(JSON.stringify(data)) + 1;
}
