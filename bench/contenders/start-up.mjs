import { spawn } from "node:child_process";

/**
 * Runs a command and writes its CPU time to descriptor 3, with its end and the child processes that
 * it waited for. Node can measure only itself, and not its own end, when a compile cache is
 * written. The start of the shell adds about 2 ms.
 */
const timed = `TIMEFORMAT="%U %S"; { time "$@" 2>&4; } 4>&2 2>&3`;

/** @param folder of the installed app; `args` of Node; `variables` beside PATH and HOME */
export async function setup({ folder, args, variables }) {
  return () => live(folder, args, variables);
}

async function live(folder, args, variables) {
  const startedAt = performance.timeOrigin + performance.now();
  const child = spawn("bash", ["-c", timed, "bash", process.execPath, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...variables },
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const told = textOf(child.stdout);
  const times = textOf(child.stdio[3]);
  const status = await new Promise((resolve) => child.once("close", resolve));
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  const lifeMillis = performance.timeOrigin + performance.now() - startedAt;
  const { firstLineAt, ...rest } = JSON.parse(await told);
  const [user, system] = (await times).split(" ").map(Number);
  return { ...rest, firstLineMillis: firstLineAt - startedAt, lifeMillis, cpuMillis: (user + system) * 1000 };
}

async function textOf(stream) {
  return (await stream.setEncoding("utf8").toArray()).join("");
}
