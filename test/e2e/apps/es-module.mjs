// A web shop that knows the OpenTelemetry API and nothing of otel-forecast. It orders from itself.
import { createServer, get } from "node:http";
import { metrics } from "@opentelemetry/api";

const orders = metrics.getMeter("shop").createCounter("shop.orders");
const server = createServer((request, response) => {
  orders.add(1);
  response.writeHead(request.url === "/broken" ? 500 : 200).end();
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  let count = 0;
  setInterval(
    () => get({ port, path: count++ % 4 === 0 ? "/broken" : "/" }, (answer) => answer.resume()),
    50,
  );
  console.log("shop open");
});
