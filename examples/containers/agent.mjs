// An agent that uses the OpenTelemetry API and does not import otel-forecast. It sorts mail, and
// answers health checks over HTTP.
import { createServer } from "node:http";
import { metrics } from "@opentelemetry/api";

const meter = metrics.getMeter("mail-sorter");
const sorted = meter.createCounter("mail.sorted", { description: "Letters that were sorted" });
const waiting = meter.createGauge("mail.waiting", { description: "Letters that wait" });

let letters = 0;
const work = setInterval(() => {
  letters += 1;
  sorted.add(1, { country: letters % 3 === 0 ? "NL" : "DE" });
  waiting.record(200 - (letters % 150));
}, 20);

// On 127.0.0.1 nothing outside of the container could reach it.
const server = createServer((request, response) => {
  response.statusCode = request.url === "/" || request.url === "/healthz" ? 200 : 404;
  response.end(`${letters} letters sorted\n`);
});
server.listen(Number(process.env.PORT ?? 8080), "0.0.0.0", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`Mail on port ${port}`);
});

// The first process of a container ignores SIGTERM unless it handles it.
process.once("SIGTERM", () => {
  clearInterval(work);
  server.close();
  server.closeAllConnections();
});
