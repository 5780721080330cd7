import { AgentSuccessTracker } from "otel-forecast";

const tracker = new AgentSuccessTracker();
const agentName = "deployer";

// Six deployments: five went well, the slowest did not. Seconds, as they took.
const seconds = [42.1, 38.7, 55.3, 40.2, 61.9, 180];
seconds.forEach((executionTime, index) => {
  const success = executionTime < 100;
  tracker.recordTask({
    taskId: `deploy-${index + 1}`,
    agentName,
    taskType: "deploy",
    success,
    executionTime,
    ...(success ? {} : { errorType: "timeout" }),
  });
});

// An attempt that failed before the one that succeeded counts in the rates of attempts, not in those of tasks.
tracker.recordRetriedAttempt({ agentName, taskType: "deploy", errorType: "ECONNRESET" });

// A task that begins and never ends is active: neither a success nor a failure.
tracker.startTask({ taskId: "deploy-7", agentName, taskType: "deploy" });

// Two outages were mended, one is still open; a recovery of a failure that nobody recorded is dropped and said once.
tracker.recordFailureRecovery({
  failureId: "outage-1",
  agentName,
  failureType: "crash",
  recoveryAction: "restart",
  recoveryTime: 12,
  success: true,
});
tracker.recordFailureRecovery({
  failureId: "outage-2",
  agentName,
  failureType: "crash",
  recoveryAction: "rollback",
  recoveryTime: 48,
  success: true,
});
tracker.recordFailure({ failureId: "outage-3", agentName, failureType: "disk_full" });
tracker.recordRecovery({ failureId: "outage-3", agentName, recoveryAction: "prune", success: false });
tracker.recordRecovery({ failureId: "outage-9", agentName, recoveryAction: "restart", success: true });

const { openFailures, byTaskType, ...performance } = tracker.calculatePerformance(agentName);
console.log(performance);
console.log("deploy:", byTaskType.deploy.completedTasks, "done,", byTaskType.deploy.failedTasks, "failed");
for (const { failureId, failureType, failedRecoveries } of openFailures) {
  console.log(`open: ${failureId} (${failureType}), ${failedRecoveries} recovery failed`);
}
