// An agent that uses the OpenTelemetry API and does not import otel-forecast. It sorts mail, and
// reports its progress over HTTP.
import { createServer } from "node:http";
import { metrics } from "@opentelemetry/api";

const meter = metrics.getMeter("mail-sorter");
const sorted = meter.createCounter("mail.sorted", { description: "Letters that were sorted" });
const waiting = meter.createGauge("mail.waiting", { description: "Letters that wait" });
const effort = meter.createHistogram("mail.effort", { unit: "s", description: "Time that a letter took" });

let letters = 0;
setInterval(() => {
  letters += 1;
  sorted.add(1, { country: letters % 3 === 0 ? "NL" : "DE" });
  waiting.record(200 - (letters % 150));
  effort.record(0.02 + 0.001 * (letters % 10));
}, 20);

const server = createServer((request, response) => {
  response.statusCode = request.url === "/" ? 200 : 404;
  response.end(`${letters} letters sorted\n`);
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`Mail at http://localhost:${port}/`);
});
