import { readUsedToday, type UsedToday } from "../../agents/used-today.ts";
import type { YieldingClock } from "../../core/yielding-runner.ts";
import { isRecord } from "../../series/series-snapshot.ts";
import { setAside } from "../../storage/safe-files.ts";
import type { HistoryLog } from "./history-log.ts";
import type { HistoryPaths } from "./history-parts.ts";
import { type OnRecord, readHistory } from "./read-history.ts";

/** Takes over what is loaded. */
export interface Restorer {
  /** What agents used today; called at most once. */
  today(own: readonly UsedToday[], ofMembers: readonly UsedToday[]): void;
  /** Windows come before series. */
  window(saved: unknown): void;
  /** Alerts and actions; called at most once. Returns false if the value is something else. */
  alerts(saved: unknown): boolean;
  /** Returns false if the value is no series. */
  series(saved: unknown): boolean;
}

const NOTHING = { sequence: 0, isSound: false };

interface Today {
  readonly value: unknown;
  readonly sequence: number;
}

/**
 * Loads both files. What was used today is in both, and the newer one counts. A file that is
 * damaged, or of a newer version, is kept under another name.
 *
 * @param onProgress called after each part.
 * @returns the greatest sequence of a save, and whether the whole was there and sound.
 * @throws when a file can't be read. It must not be overwritten then.
 */
export async function loadHistory(
  paths: HistoryPaths,
  parts: { clock: YieldingClock; restorer: Restorer; log: HistoryLog; onProgress: () => void },
): Promise<{ readonly sequence: number; readonly isSound: boolean }> {
  const { restorer, log } = parts;
  let today: Today | undefined;
  let alerts: Today | undefined;
  const takeToday: OnRecord = ({ kind, value }, sequence) => {
    if (kind === "today" && sequence >= (today?.sequence ?? 0)) today = { value, sequence };
    if (kind === "alerts" && sequence >= (alerts?.sequence ?? 0)) alerts = { value, sequence };
  };
  const ofToday = await load(paths.today, parts, takeToday);
  let unusable = 0;
  let isRestored = false;
  const restoreOnce = (): void => {
    if (!isRestored && today !== undefined) restoreToday(today.value, restorer, log);
    isRestored = true;
  };
  const ofWhole = await load(paths.whole, parts, (record, sequence) => {
    takeToday(record, sequence);
    if (record.kind === "window") restorer.window(record.value);
    if (record.kind !== "series") return;
    restoreOnce();
    if (!restorer.series(record.value)) unusable += 1;
  });
  restoreOnce();
  if (alerts !== undefined && !restorer.alerts(alerts.value))
    log.cannotBe("used as a whole", "alerts and actions can't be read");
  if (unusable > 0) log.cannotBe("used as a whole", `${unusable} of its series can't be read`);
  const sequence = Math.max(ofToday.sequence, ofWhole.sequence);
  return { sequence, isSound: ofWhole.isSound && unusable === 0 };
}

/** Loads one file. A file of an older version is not sound: it has to be written anew. */
async function load(
  path: string,
  { clock, log, onProgress }: { clock: YieldingClock; log: HistoryLog; onProgress: () => void },
  onRecord: OnRecord,
): Promise<{ readonly sequence: number; readonly isSound: boolean }> {
  const reading = await readHistory(path, clock, onRecord, onProgress);
  if (reading.state === "absent") return NOTHING;
  if (reading.state === "newer") {
    const { version } = reading;
    log.isNewer(path, version, await setAside(path, `version-${version}`));
    return NOTHING;
  }
  if (reading.damage !== undefined) log.isDamaged(path, reading.damage, await setAside(path, "broken"));
  const { sequence, damage } = reading;
  return { sequence, isSound: damage === undefined && sequence > 0 };
}

function restoreToday(saved: unknown, restorer: Restorer, log: HistoryLog): void {
  const { own, members } = isRecord(saved) ? saved : {};
  const ofOwn = readUsedToday(own);
  const ofMembers = readUsedToday(members);
  restorer.today(ofOwn.used, ofMembers.used);
  const broken = ofOwn.broken + ofMembers.broken;
  if (broken === 0) return;
  const entries = broken === 1 ? "entry" : "entries";
  log.cannotBe("used as a whole", `${broken} ${entries} of what agents used today can't be read`);
}
