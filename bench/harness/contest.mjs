import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";

const stage = fileURLToPath(new URL("./stage.mjs", import.meta.url));

/**
 * Measures contenders side by side. Each has a process of its own and is set up once. In every
 * round each is measured in turn, so that the drift of a shared machine affects all.
 *
 * @param contenders by name: `{ module, setup }`, a file of `contenders/` and the options of its
 * `setup`
 * @param rounds how often each is measured; one more round at the start is not counted
 * @returns by contender, the median of each measure, and `rounds`, the measurements themselves
 */
export async function contest(contenders, rounds) {
  const stages = [];
  try {
    for (const [name, { module, setup = {} }] of Object.entries(contenders))
      stages.push(await openStage(name, module, setup));
    /** @type {Map<string, Record<string, number>[]>} */
    const measured = new Map(stages.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const { name, measure } of stages) {
        const measurement = await measure();
        if (round > 0) measured.get(name)?.push(measurement);
      }
    }
    return Object.fromEntries(Array.from(measured, ([name, all]) => [name, summary(all)]));
  } finally {
    for (const { close } of stages) close();
  }
}

/**
 * Measures contenders one after the other, where all at once would not fit into memory. Tells on standard error what
 * has been measured, since this takes long.
 */
export async function measureEach(contenders, rounds) {
  const measured = [];
  for (const [name, contender] of Object.entries(contenders)) {
    const { [name]: it } = await contest({ [name]: contender }, rounds);
    console.error(`measured: ${name}`);
    measured.push({ ...it, name });
  }
  return measured;
}

/**
 * The ratio of a contender's measure to that of a baseline: the median of the ratios of each round.
 */
export function ratio(contender, baseline, measure) {
  return median(contender.rounds.map((it, round) => it[measure] / baseline.rounds[round][measure]));
}

/** @returns {Record<string, any>} */
function summary(rounds) {
  const measures = Object.keys(rounds[0]);
  return {
    ...Object.fromEntries(measures.map((measure) => [measure, median(rounds.map((it) => it[measure]))])),
    rounds,
  };
}

async function openStage(name, module, setup) {
  const child = fork(stage, [module, JSON.stringify(setup)], {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await nextMessage(name, child);
  return {
    name,
    measure: () => {
      child.send("measure");
      return nextMessage(name, child);
    },
    close: () => child.kill(),
  };
}

/** The next message of a child. Fails if the child ends before. */
export function nextMessage(name, child) {
  return new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`${name} ended with ${code} while it was measured`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}
