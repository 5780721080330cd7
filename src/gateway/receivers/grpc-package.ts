import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/** gRPC for Node. It is large, so it is loaded when a receiver of gRPC is created. */
export type Grpc = typeof import("@grpc/grpc-js");

export function loadGrpc(): Grpc {
  return load("@grpc/grpc-js");
}
