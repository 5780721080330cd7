import type { Server } from "node:net";

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

/** What a process says of the permission model that Node runs with. */
export interface PermissionOfProcess {
  /** Undefined unless Node runs with `--permission`. */
  readonly permission?: Pick<NodeJS.ProcessPermission, "has"> | undefined;
  readonly allowedNodeEnvironmentFlags: ReadonlySet<string>;
}

/**
 * Whether Node's permission model lets this process listen. Since Node 25 a server that may not throws where nobody can
 * catch it, which ends the application. Before, the model knew of no network, and calls it forbidden when asked.
 */
export function mayUseNetwork(asked: PermissionOfProcess = process): boolean {
  const { permission, allowedNodeEnvironmentFlags: flags } = asked;
  return permission === undefined || !flags.has("--allow-net") || permission.has("net");
}
