import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/**
 * OTLP over gRPC needs this package. It is large and rarely used, so applications install it
 * themselves.
 */
export const GRPC_PACKAGE = "@grpc/grpc-js";

/** Whether the package is installed. */
export function hasGrpc(): boolean {
  try {
    load.resolve(GRPC_PACKAGE);
    return true;
  } catch {
    return false;
  }
}
