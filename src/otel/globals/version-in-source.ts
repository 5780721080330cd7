/** A version of the line that there is, as a string, which code that is handed to `eval` escapes. */
const VERSION = String.raw`\\?["'\x60](1\.\d+\.\d+(?:-[\w.-]+)?)\\?["'\x60]`;
const ASSIGNED = new RegExp(String.raw`[\w$]\s*=\s*${VERSION}`, "g");
/** What the API asks of the global object, where a bundler has put the version itself there. */
const COMPARED = new RegExp(String.raw`version\s*!==?\s*${VERSION}`);
/** How far behind the place of the caller that is. */
const NEAR = 300;
/** The name of the global object, of which a part is the major version; not that of the global object for logs. */
const GLOBAL_OBJECT = /opentelemetry\.js\.api\.(?:\\?["'`]|\$\{|1\\?["'`])/;

/**
 * The version of the copy of `@opentelemetry/api` that a bundler has put into a file: what it compares with at the place
 * of the call, else the version that is assigned nearest to that place, or nearest to the name of the global object. There
 * may be several copies, and packages with versions like its own.
 */
export function apiVersionIn(
  source: string,
  place: { readonly line: number; readonly column: number } | undefined,
): string | undefined {
  const called = place === undefined ? undefined : offsetOf(source, place);
  const compared = called === undefined ? null : source.slice(called, called + NEAR).match(COMPARED);
  if (compared !== null) return compared[1];
  const centre = called ?? source.search(GLOBAL_OBJECT);
  if (centre < 0) return undefined;
  let nearest: RegExpMatchArray | undefined;
  const distance = ({ index = 0 }: RegExpMatchArray): number => Math.abs(index - centre);
  for (const assigned of source.matchAll(ASSIGNED))
    if (nearest === undefined || distance(assigned) < distance(nearest)) nearest = assigned;
  return nearest?.[1];
}

function offsetOf(source: string, { line, column }: { line: number; column: number }): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) start = source.indexOf("\n", start) + 1;
  return start + column - 1;
}
