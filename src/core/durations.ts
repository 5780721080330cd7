/** The length of an hour and of a day without a clock change. */
export const HOUR_SECONDS = 3600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;
export const HOUR_MILLIS = HOUR_SECONDS * 1000;
export const DAY_MILLIS = DAY_SECONDS * 1000;
