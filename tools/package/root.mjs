import { resolve } from "node:path";

/** The folder of the package. */
export const root = resolve(import.meta.dirname, "../..");
