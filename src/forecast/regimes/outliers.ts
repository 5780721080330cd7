/** This many points on one side, one after the other, are a new regime and no outliers. */
const CONFIRMING_POINTS = 2;

/** A point far away from the line. */
export interface FarPoint {
  readonly time: number;
  readonly value: number;
  readonly deviation: number;
}

const NONE: readonly FarPoint[] = [];

/** The newest points, as long as they are far away from the line on one side. */
export class Outliers {
  #points: FarPoint[] = [];

  /** The first of them. */
  get first(): FarPoint | undefined {
    return this.#points[0];
  }

  /**
   * Adds a point. Points on the other side turn out to be outliers: `forget` is called with them.
   * Returns the points when they are a new regime.
   */
  add(point: FarPoint, forget: (points: readonly FarPoint[]) => void): readonly FarPoint[] | undefined {
    const { first } = this;
    if (first !== undefined && Math.sign(first.deviation) !== Math.sign(point.deviation)) forget(this.take());
    this.#points.push(point);
    return this.#points.length >= CONFIRMING_POINTS ? this.take() : undefined;
  }

  /** Removes the points and returns them. */
  take(): readonly FarPoint[] {
    if (this.#points.length === 0) return NONE;
    const points = this.#points;
    this.#points = [];
    return points;
  }
}
