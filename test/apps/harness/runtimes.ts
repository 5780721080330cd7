import { join } from "node:path";
import { packageOf } from "./packages.ts";

/** Bun and Deno, from the npm packages with their programs for this system. */
export function bunProgram(): string {
  return join(packageOf(`@oven/bun-${process.platform}-${process.arch}`, "1.4.5"), "bin/bun");
}

export function denoProgram(): string {
  const libc = process.platform === "linux" ? "-glibc" : "";
  return join(packageOf(`@deno/${process.platform}-${process.arch}${libc}`, "2.9.6"), "deno");
}
