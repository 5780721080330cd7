import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** What OTLP over gRPC needs. It is large, and few push by it: an application that does has it beside us. */
export const GRPC_PACKAGE = "@grpc/grpc-js";

/** Whether an application has it. */
export function hasGrpc(): boolean {
  try {
    load.resolve(GRPC_PACKAGE);
    return true;
  } catch {
    return false;
  }
}
