import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const file = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What the application is started with. */
const preloads = {
  "empty process": [],
  "--import otel-forecast/register": ["--import", file("../../dist/register.cjs")],
  "NodeSDK with PrometheusExporter": ["--import", file("../apps/node-sdk.mjs")],
};

/** @param preload one of `preloads`; `app` a file of `apps/` that writes what it measured as JSON */
export async function setup({ preload, app, variables = {} }) {
  return () =>
    run([...preloads[preload], file(`../apps/${app}.mjs`)], {
      OTEL_EXPORTER_PROMETHEUS_PORT: "0",
      OTEL_LOG_LEVEL: "error",
      ...variables,
    });
}

async function run(args, variables) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => {
    text += piece;
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  return { ...JSON.parse(text), lifeMillis: performance.now() - startedAt };
}
