import type { Server } from "node:net";
import { ClosedDoor } from "./web/closed-door.ts";

/** Errors that may go away: another process has the port, or the network is not up yet. */
const TEMPORARY_ERRORS = new Set(["EADDRINUSE", "EADDRNOTAVAIL", "EAI_AGAIN"]);

/**
 * Connections that wait to be accepted, as far as the system allows. With Node's 511, clients beyond
 * them try again after 1, 3, 7 and 15 s.
 */
const BACKLOG = 4096;

/** What follows if a server cannot listen, for the log, and whether to try again. */
export function consequenceOf(error: NodeJS.ErrnoException): { text: string; mayGoAway: boolean } {
  if (error instanceof ClosedDoor && error.mayGoAway)
    return { text: "metrics are not served until the file is right; trying again", mayGoAway: true };
  if (TEMPORARY_ERRORS.has(error.code ?? ""))
    return { text: "metrics are not served until the port is free; trying again", mayGoAway: true };
  return { text: "metrics are not served", mayGoAway: false };
}

/** Resolves when the server listens, or was closed before that. Rejects if it cannot listen. */
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
    // Otherwise the primary of a cluster gives the port to every worker, and each answers some of
    // the scrapes.
    server.listen({ port, host, exclusive: true, backlog: BACKLOG });
  });
}

/** The part of `process` that shows Node's permission model. */
export interface PermissionOfProcess {
  /** `undefined` unless Node runs with `--permission`. */
  readonly permission?: Pick<NodeJS.ProcessPermission, "has"> | undefined;
  readonly allowedNodeEnvironmentFlags: ReadonlySet<string>;
}

/**
 * Whether Node's permission model allows this process to listen. Since Node 25, a server without
 * permission throws where no code can catch it, and the application ends. Older Nodes do not
 * restrict the network, but report it as forbidden.
 */
export function mayUseNetwork(asked: PermissionOfProcess = process): boolean {
  const { permission, allowedNodeEnvironmentFlags: flags } = asked;
  return permission === undefined || !flags.has("--allow-net") || permission.has("net");
}
