import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach } from "vitest";
import type { LoadedRecord, StateRecord } from "../../../src/gateway/state/state-record.ts";

export const clock = { elapsedMillis: () => performance.now(), pause: () => nextTurn() };

/** A new folder for each test, and the warnings that were logged. */
export interface StateFolder {
  path: string;
  readonly said: string[];
}

export function stateFolder(): StateFolder {
  const folder: StateFolder = { path: "", said: [] };
  let outer: string;
  beforeEach(() => {
    outer = mkdtempSync(join(tmpdir(), "otel-forecast-state-"));
    folder.path = join(outer, "state");
    folder.said.length = 0;
    const say = (line: string): void => void folder.said.push(line);
    const logger = { error: say, warn: say, info: () => {}, debug: () => {}, verbose: () => {} };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  });
  afterEach(() => {
    diag.disable();
    rmSync(outer, { recursive: true, force: true });
  });
  return folder;
}

export function record(kind: string, id: string, data: unknown, version?: number): StateRecord {
  return { kind, id, data: () => data, ...(version === undefined ? {} : { version }) };
}

/** The data of records by their kind and id. */
export type Loaded = Map<string, LoadedRecord>;

/** Collects what is loaded. A thing that is handed out twice is an error. */
export function collector(): { readonly loaded: Loaded; readonly take: (record: LoadedRecord) => boolean } {
  const loaded: Loaded = new Map();
  return {
    loaded,
    take: (one) => {
      const name = `${one.kind} ${one.id}`;
      if (loaded.has(name)) throw new Error(`${name} was handed out twice`);
      loaded.set(name, one);
      return true;
    },
  };
}

export function dataOf(loaded: Loaded): Record<string, unknown> {
  return Object.fromEntries([...loaded].map(([name, { data }]) => [name, data]));
}
