import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach } from "vitest";
import { SlotFile } from "../../../src/gateway/state/slot-file.ts";
import { SlotStore } from "../../../src/gateway/state/slot-store.ts";
import type { SlotStoreOptions } from "../../../src/gateway/state/slot-store-options.ts";
import { StateLog } from "../../../src/gateway/state/state-log.ts";
import type { LoadedRecord, StateRecord } from "../../../src/gateway/state/state-record.ts";

export const clock = { elapsedMillis: () => performance.now(), pause: () => nextTurn() };

/** A new folder for each test, the warnings that were logged, and the processes that use it. */
export interface StateFolder {
  path: string;
  readonly said: string[];
  /** Begins as a process does, and ends with the test. */
  opened(
    options?: Partial<SlotStoreOptions>,
  ): Promise<{ readonly store: SlotStore; readonly loaded: Loaded }>;
  /** Loads the file of one slot. */
  fileOf(
    slot: number,
    onProgress?: () => void,
  ): Promise<{ file: SlotFile; loaded: Loaded; isDamaged: boolean }>;
}

export function stateFolder(): StateFolder {
  const begun: SlotStore[] = [];
  let outer: string;
  const folder: StateFolder = {
    path: "",
    said: [],
    opened: async (options = {}) => {
      const store = new SlotStore({ directory: folder.path, clock, ...options });
      begun.push(store);
      const { loaded, take } = collector();
      await store.open(take);
      return { store, loaded };
    },
    fileOf: async (slot, onProgress = () => {}) => {
      const log = new StateLog(folder.path);
      const surroundings = { directory: folder.path, clock, log, onProgress };
      const file = new SlotFile(slot, surroundings);
      const { loaded, take } = collector();
      return { file, loaded, isDamaged: await file.load(take) };
    },
  };
  beforeEach(() => {
    outer = mkdtempSync(join(tmpdir(), "otel-forecast-state-"));
    folder.path = join(outer, "state");
    folder.said.length = 0;
    const say = (line: string): void => void folder.said.push(line);
    const logger = { error: say, warn: say, info: () => {}, debug: () => {}, verbose: () => {} };
    diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  });
  afterEach(async () => {
    for (const store of begun.splice(0)) await store.close();
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
