// A server whose orders are counted by whichever worker takes them.
const { createServer } = require("node:http");
const { metrics } = require("@opentelemetry/api");

const orders = metrics.getMeter("shop").createCounter("shop.orders");
createServer((_, response) => {
  orders.add(1);
  response.setHeader("connection", "close").end(String(process.pid));
}).listen(Number(process.env.SHOP_PORT), "127.0.0.1");
