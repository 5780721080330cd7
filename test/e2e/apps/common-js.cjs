// The shop of es-module.mjs as CommonJS.
const { createServer, get } = require("node:http");
const { metrics } = require("@opentelemetry/api");

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
