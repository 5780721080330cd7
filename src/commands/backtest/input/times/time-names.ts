const TIME_NAME =
  /^[_@]?(timestamp|time|date|datetime|date_time|ts|ds|epoch|unix|unixtime|at)([_ (].*|ms|millis|us|ns)?$/i;

/** Whether a column or a field of this name usually holds times. */
export function isTimeName(name: string): boolean {
  return TIME_NAME.test(name.trim());
}
