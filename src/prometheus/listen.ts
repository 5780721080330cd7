import type { Server } from "node:net";
import { mayUseNetwork } from "./network-permission.ts";

/** Settles when the server listens, cannot, or is closed before it did. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  if (!mayUseNetwork())
    return Promise.reject(new Error("Node was started with --permission and without --allow-net"));
  return new Promise((resolve, reject) => {
    const end = (done: () => void): void => {
      server.off("error", onError).off("listening", onListening).off("close", onListening);
      done();
    };
    const onError = (error: Error): void => end(() => reject(error));
    const onListening = (): void => end(resolve);
    server.on("error", onError).on("listening", onListening).on("close", onListening);
    // In a cluster the primary would give the port to every worker, and each would answer some of the scrapes.
    server.listen({ port, host, exclusive: true });
  });
}
