import { closeSync, openSync, readSync } from "node:fs";

const HEADER = 6;
const WORD = 4;

/** The series of a file that `generate.py` wrote, one after the other. */
export function* generatedSeries(path) {
  const file = openSync(path, "r");
  const head = new Int32Array(HEADER);
  while (readSync(file, new Uint8Array(head.buffer)) === HEADER * WORD) {
    const [length, futureLength, stepSeconds, season, kind] = head;
    const all = new Float32Array(length + futureLength);
    readSync(file, new Uint8Array(all.buffer));
    const values = Float64Array.from(all);
    const [history, future] = [values.subarray(0, length), values.subarray(length)];
    yield { history, future, stepSeconds, season, kind };
  }
  closeSync(file);
}
