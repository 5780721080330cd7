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
