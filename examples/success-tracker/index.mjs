import { AgentSuccessTracker } from "otel-forecast";

const tracker = new AgentSuccessTracker();
const agentName = "deployer";

// Six deployments and their durations in seconds: five succeed, the slowest fails.
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

// A failed attempt that was retried counts in the rates of attempts, not in the rates of tasks.
tracker.recordRetriedAttempt({ agentName, taskType: "deploy", errorType: "ECONNRESET" });

// A task that has started and not ended is active: it is neither a success nor a failure.
tracker.startTask({ taskId: "deploy-7", agentName, taskType: "deploy" });

// Two failures have recovered, one is still open. A recovery without a recorded failure is dropped
// and logged once.
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
