/** There may be more streams than series: views sum over many. */
const STREAMS_PER_SERIES = 4;

/** The most streams of a tenant: what the file says, or enough for the most series. */
export function streamLimit(given: number | undefined, maxSeries: number): number {
  return given ?? STREAMS_PER_SERIES * maxSeries;
}
