import { once } from "node:events";

/** Says that the work is done, and waits for a line on standard input, so that the app can be looked at. */
export async function seen() {
  console.log("DONE");
  await once(process.stdin, "data");
  process.stdin.destroy();
}
