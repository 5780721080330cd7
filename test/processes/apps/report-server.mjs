// Two workers of a cluster open a report server at the same path, the second after the file of the first was removed.
// Prints whether a client reaches the second.
import cluster from "node:cluster";
import { rmSync } from "node:fs";
import { ReportConnection, ReportServer } from "../../../src/processes/report-connection.ts";

const [, , path] = process.argv;

if (cluster.isPrimary) {
  const opened = (worker) => new Promise((resolve) => worker.once("message", resolve));
  const first = cluster.fork();
  await opened(first);
  rmSync(path, { force: true });
  const second = cluster.fork();
  await opened(second);
  first.process.kill("SIGKILL");
  await new Promise((resolve) => first.once("exit", resolve));
  console.log(await new ReportConnection(path, () => {}).connect());
  second.process.kill("SIGKILL");
} else {
  const server = new ReportServer({ take: () => true, remove: () => {} }, "worker");
  await server.listen(path);
  process.send("open");
  // The server keeps no process alive.
  setInterval(() => {}, 1000);
}
