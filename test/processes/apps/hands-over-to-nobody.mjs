// Sends a message to a member that takes nothing, and has nothing more to do.
import { ReportServer } from "../../../src/processes/report-connection.ts";

const receiver = {
  take(id) {
    console.log(server.send(id, "x".repeat(8_000_000)));
    waiting.unref();
    return true;
  },
  remove: () => console.log("removed"),
};
const server = new ReportServer(receiver, "worker");
await server.listen(process.argv[2]);
console.log("open");
const waiting = setInterval(() => {}, 1000);
