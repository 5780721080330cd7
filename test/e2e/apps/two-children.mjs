// Starts two children that outlive it, one of them with a port of its own.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const fetcher = fileURLToPath(new URL("fetcher.mjs", import.meta.url));
const env = { ...process.env, OUTLIVES: "yes" };
for (const more of [{}, { OTEL_EXPORTER_PROMETHEUS_PORT: process.env.OTHER_PORT }]) {
  const child = spawn(process.execPath, [...process.execArgv, fetcher], {
    env: { ...env, ...more },
    stdio: "ignore",
  });
  console.log(`child ${child.pid}`);
}
setInterval(() => {}, 1000);
