// Three agents of one name spend 120 tokens each: in the process, in a child that then ends, and in
// a thread.
import { fork } from "node:child_process";
import { isMainThread, Worker } from "node:worker_threads";
import { spend } from "./spend.mjs";

spend();
// A child ends with its parent, in good order.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
setInterval(() => {}, 1000);
if (isMainThread && process.send === undefined) {
  new Worker(new URL(import.meta.url));
  const child = fork(import.meta.filename);
  process.on("SIGUSR2", () => child.kill("SIGTERM"));
  child.once("exit", () => console.log("child ended"));
}
