import { type SavedAlert, seenAgain } from "./saved-alerting.ts";
import { type AlertStanding, paused, shifted } from "./state/alert-state.ts";

/** Alerts of an earlier process whose series were not seen yet. */
export class AwaitedAlerts {
  readonly #byId = new Map<string, SavedAlert>();

  add(alert: SavedAlert): void {
    this.#byId.set(alert[0], alert);
  }

  /** The standing of an alert whose series is there. It is awaited no longer. */
  take(id: string, now: number): AlertStanding | undefined {
    const saved = this.#byId.get(id);
    this.#byId.delete(id);
    return saved && seenAgain(saved, now);
  }

  forget(isForgotten: (id: string) => boolean): void {
    for (const id of this.#byId.keys()) if (isForgotten(id)) this.#byId.delete(id);
  }

  /** Moves the times of all, after the clock was set. */
  shift(millis: number): void {
    this.#move(shifted, millis);
  }

  /** The process was paused for so long: no alert waited meanwhile. */
  pause(millis: number): void {
    this.#move(paused, millis);
  }

  [Symbol.iterator](): Iterator<SavedAlert> {
    return this.#byId.values();
  }

  #move(moved: (standing: AlertStanding, millis: number) => AlertStanding, millis: number): void {
    for (const [id, standing, seenAt] of this.#byId.values())
      this.#byId.set(id, [id, moved(standing, millis), seenAt + millis]);
  }
}
