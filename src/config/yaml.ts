import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** The YAML library, loaded when a file is read: most processes have none. */
export function yaml(): typeof import("yaml") {
  return load("yaml");
}
