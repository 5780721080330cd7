// A CommonJS agent that uses the OpenTelemetry API and does not import otel-forecast. It sorts
// mail.
const { createServer } = require("node:http");
const { metrics } = require("@opentelemetry/api");

const meter = metrics.getMeter("mail-sorter");
const sorted = meter.createCounter("mail.sorted", { description: "Letters that were sorted" });

let letters = 0;
setInterval(() => {
  letters += 1;
  sorted.add(1, { country: letters % 3 === 0 ? "NL" : "DE" });
}, 20);

const server = createServer((request, response) => {
  response.statusCode = request.url === "/" ? 200 : 404;
  response.end(`${letters} letters sorted\n`);
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`Mail at http://localhost:${port}/`);
});
