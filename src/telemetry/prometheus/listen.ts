import type { Server } from "node:net";

/** What Node 25 and newer need to be started with, under the permission model. */
const ALLOW_NET = "--allow-net";

/** Settles when the server listens, cannot, or is closed before it did. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  // Node throws where nobody can catch it.
  if (!mayListen())
    return Promise.reject(new Error(`the permission model of Node denies it, allow it by ${ALLOW_NET}`));
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

function mayListen(): boolean {
  const { permission } = process;
  if (permission === undefined || !process.allowedNodeEnvironmentFlags.has(ALLOW_NET)) return true;
  return permission.has("net");
}
