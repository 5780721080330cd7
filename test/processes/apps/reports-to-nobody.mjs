// Sends a report that is larger than what the system holds for the other process, and has nothing more to do.
import { ReportConnection } from "../../../src/processes/report-connection.ts";

const connection = new ReportConnection(process.argv[2], () => console.log("lost"));
console.log(await connection.connect());
const metric = { name: "x".repeat(8_000_000), unit: "", description: "", scope: "s", type: "gauge" };
connection.send({ self: "shop/a", series: [{ metric, labels: { agent: "shop/a" }, value: 1 }] });
