/** Prometheus answers at most 11,000 points of a series at once. */
export const MAX_POINTS = 10_000;
/** The maximum of one answer: 10,000 points of about 200 series. */
export const MAX_ANSWER_BYTES = 64 * 2 ** 20;
