import { setTimeout as delay } from "node:timers/promises";

const START_ATTEMPTS = 3;

/**
 * Restarts a service as a task of an agent, and returns whether it succeeded. The task makes
 * several attempts: one that fails is a failed attempt, not a failed task.
 */
export async function restart(agent, service) {
  try {
    await agent.task("restart_service", async (task) => {
      await service.stop();
      for (let attempt = 1; ; attempt += 1) {
        try {
          await task.attempt(() => service.start());
          return;
        } catch (error) {
          if (attempt === START_ATTEMPTS) throw error;
          await delay(200 * attempt);
        }
      }
    });
    return true;
  } catch {
    return false;
  }
}
