/** What the clock of a monitor reads. */
export interface MachineClocks {
  /** Epoch milliseconds by the clock of the machine, which can be set at any time. */
  now(): number;
  /** Milliseconds of a monotonic clock. On Linux it stands still while the machine sleeps. */
  elapsedMillis(): number;
  /** Milliseconds since the start of the machine, its sleep included. */
  uptimeMillis(): number;
  /** The CPU time of this process in milliseconds. */
  cpuMillis(): number;
}

/** The time of one collection. */
export interface Moment {
  /** Epoch milliseconds. Only a confirmed step of the machine's clock moves it by a jump. */
  readonly now: number;
  /**
   * Epoch milliseconds by the clock at the start of the process, plus the time since. Nobody sets
   * this clock.
   */
  readonly steadyMillis: number;
  /** Milliseconds of a clock that stands still while the process is paused. */
  readonly ranMillis: number;
  /** How far the machine's clock was set forward (above 0) or back; 0 if it was not. */
  readonly stepMillis: number;
  /** How long the process was paused before this collection; 0 if it was not. */
  readonly pausedMillis: number;
}

/**
 * A gap between collections of this many intervals, at least a minute, means that the process could
 * not collect: it was suspended, or its event loop was blocked.
 */
const GAP_INTERVALS = 3;
const MIN_GAP_MILLIS = 60_000;
/** A process that used the CPU for a larger share of a gap was blocked, not suspended. */
const BUSY_SHARE = 0.1;
/** A clock that is further back than this share of the interval was set back. */
const BACK_SHARE = 0.25;

/** The shortest gap between collections that counts as a pause. */
export function gapMillis(intervalMillis: number): number {
  return Math.max(GAP_INTERVALS * intervalMillis, MIN_GAP_MILLIS);
}

type Reading = Readonly<Record<"now" | "elapsed" | "uptime" | "cpu", number>>;

/**
 * The time of a monitor. It compares the machine's clock with the monotonic clock at each
 * collection, and so tells these apart:
 *
 * - Time passes: both clocks agree.
 * - A pause (`SIGSTOP`, a closed laptop): nothing ran for long and the CPU was not used, or the time
 *   since the start of the machine shows that it slept.
 * - A step: only the machine's clock has jumped, and the next collection confirms it. Until then
 *   time passes as before, so a single wrong reading of the clock has no effect.
 */
export class MonitorClock {
  readonly #clocks: MachineClocks;
  readonly #gapMillis: number;
  readonly #intervalMillis: number;
  #last: Reading;
  #steadyMillis: number;
  #ranMillis = 0;
  #isAfterPause = false;
  /** When something ran last, by the monotonic clock. */
  #beatAt: number;
  /** The longest time since the last collection in which nothing ran. */
  #silentMillis = 0;
  /** How far ahead of the expected time the machine's clock was, if that awaits confirmation. */
  #unconfirmed: number | undefined;

  constructor(clocks: MachineClocks, intervalMillis: number) {
    this.#clocks = clocks;
    this.#intervalMillis = intervalMillis;
    this.#gapMillis = gapMillis(intervalMillis);
    this.#last = this.#read();
    this.#steadyMillis = this.#last.now;
    this.#beatAt = this.#last.elapsed;
  }

  /** Call it at least once a second while the event loop runs: then collections may be missing. */
  beat(): void {
    const at = this.#clocks.elapsedMillis();
    this.#silentMillis = Math.max(this.#silentMillis, at - this.#beatAt);
    this.#beatAt = at;
  }

  /** Epoch milliseconds. Between collections no change of the machine's clock has an effect. */
  now(): number {
    return this.#last.now + this.#sinceLast();
  }

  /** See `Moment.steadyMillis`. */
  steadyMillis(): number {
    return this.#steadyMillis + this.#sinceLast();
  }

  /** See `Moment.ranMillis`. */
  ranMillis(): number {
    return this.#ranMillis + this.#sinceLast();
  }

  /** Whether the process was paused before the latest collection. */
  get isAfterPause(): boolean {
    return this.#isAfterPause;
  }

  /** Moves on to a collection. Call it for each one. */
  moveOn(): Moment {
    const last = this.#last;
    const read = this.#read();
    this.beat();
    // A monotonic clock that went back is none; the interval is the best guess.
    const elapsed = read.elapsed >= last.elapsed ? read.elapsed - last.elapsed : this.#intervalMillis;
    const sleptMillis = this.#longOnly(read.uptime - last.uptime - elapsed);
    const passed = elapsed + sleptMillis;
    const ahead = read.now - (last.now + passed);
    const { extraMillis, stepMillis, isBelieved } = this.#judge(ahead);
    const millis = Math.max(0, passed + extraMillis);
    const stoppedMillis = this.#stoppedMillis(elapsed, read.cpu - last.cpu);
    const pausedMillis = stoppedMillis + sleptMillis + this.#longOnly(extraMillis);
    this.#silentMillis = 0;
    this.#isAfterPause = pausedMillis > 0;
    this.#steadyMillis += millis;
    this.#ranMillis += elapsed - stoppedMillis;
    this.#last = { ...read, now: isBelieved ? read.now : last.now + millis };
    return {
      now: this.#last.now,
      steadyMillis: this.#steadyMillis,
      ranMillis: this.#ranMillis,
      stepMillis,
      pausedMillis,
    };
  }

  /**
   * What it means that the machine's clock is ahead of the expected time by so much, or behind it.
   *
   * @returns the time that passed in addition, the step, and whether the machine's clock is right.
   */
  #judge(ahead: number): { extraMillis: number; stepMillis: number; isBelieved: boolean } {
    const before = this.#unconfirmed;
    this.#unconfirmed = undefined;
    if (this.#isSmall(ahead)) return { extraMillis: ahead, stepMillis: 0, isBelieved: true };
    if (before === undefined) {
      this.#unconfirmed = ahead;
      return { extraMillis: 0, stepMillis: 0, isBelieved: false };
    }
    if (this.#isSmall(ahead - before)) return { extraMillis: 0, stepMillis: ahead, isBelieved: true };
    // Two jumps forward in a row: the monotonic clock is the slow one.
    if (before > 0 && ahead > before) return { extraMillis: ahead, stepMillis: 0, isBelieved: true };
    this.#unconfirmed = ahead;
    return { extraMillis: 0, stepMillis: 0, isBelieved: false };
  }

  /** Whether a difference is as small as jitter, a correction of the clock or a short sleep. */
  #isSmall(ahead: number): boolean {
    return ahead < this.#gapMillis && ahead >= -BACK_SHARE * this.#intervalMillis;
  }

  #longOnly(millis: number): number {
    return millis >= this.#gapMillis ? millis : 0;
  }

  /** How long the process was stopped while the monotonic clock went on. */
  #stoppedMillis(elapsed: number, cpuMillis: number): number {
    const millis = this.#longOnly(this.#silentMillis);
    if (millis === 0 || cpuMillis > BUSY_SHARE * millis) return 0;
    return Math.min(millis, elapsed - this.#intervalMillis);
  }

  #sinceLast(): number {
    return Math.max(0, this.#clocks.elapsedMillis() - this.#last.elapsed);
  }

  #read(): Reading {
    return {
      now: this.#clocks.now(),
      elapsed: this.#clocks.elapsedMillis(),
      uptime: this.#clocks.uptimeMillis(),
      cpu: this.#clocks.cpuMillis(),
    };
  }
}
