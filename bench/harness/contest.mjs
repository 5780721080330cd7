import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./statistics.mjs";

const stage = fileURLToPath(new URL("./stage.mjs", import.meta.url));

/**
 * Measures contenders side by side: each lives in a process of its own, is set up once, and in every round each is
 * measured in turn, so that what drifts on a shared machine drifts for all.
 *
 * @param contenders by what they are called: `{ module, setup }`, a file of `contenders/` and what its `setup` is given
 * @param rounds how often each is measured; one more at the start is not counted
 * @returns by contender, by measure, the median, and by contender `rounds`, the measurements themselves
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

/** How one measure of a contender compares to another's: the median over the rounds of the ratios within a round. */
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

function nextMessage(name, child) {
  return new Promise((resolve, reject) => {
    const onExit = (code) => reject(new Error(`${name} ended with ${code} while it was measured`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message);
    });
  });
}
