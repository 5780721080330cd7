import { spawnSync } from "node:child_process";

export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end, for at most ten minutes. */
export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 600_000,
  });
  return { status, output: `${stdout}${stderr}${error === undefined ? "" : String(error)}` };
}

/** The same, and throws when the program fails. */
export function mustRun(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): string {
  const { status, output } = run(command, args, cwd, env);
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${output}`);
  return output;
}
