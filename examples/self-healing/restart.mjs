import { setTimeout as delay } from "node:timers/promises";

const START_ATTEMPTS = 3;

/**
 * Starts a service within a task, in several attempts. An attempt that fails is a failed attempt, not
 * a failed task. Returns the number of attempts.
 */
export async function startInAttempts(task, start) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await task.attempt(start);
      return attempt;
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      await delay(200 * attempt);
    }
  }
}

/** Restarts a service as a task of an agent. Returns the number of attempts, 0 if all failed. */
export async function restart(agent, service) {
  try {
    return await agent.task("restart_service", async (task) => {
      await service.stop();
      return startInAttempts(task, () => service.start());
    });
  } catch {
    return 0;
  }
}
