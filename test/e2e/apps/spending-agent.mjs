// An agent that spends 120 tokens once, and starts itself again as a child where PORT_OF_CHILD is given.
import { fork } from "node:child_process";
import { spend } from "./spend.mjs";

spend();

const { PORT_OF_CHILD: port, ...env } = process.env;
if (port !== undefined) fork(import.meta.filename, { env: { ...env, OTEL_EXPORTER_PROMETHEUS_PORT: port } });
// A child ends with its parent, in good order.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
setInterval(() => {}, 1000);
