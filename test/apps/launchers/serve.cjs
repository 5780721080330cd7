// Takes orders by HTTP, and ends when it is told to.
const { createServer } = require("node:http");
const { takeOrder } = require("./shop.cjs");

exports.serve = (greeting) => {
  const server = createServer(({ url }, response) => {
    response.setHeader("connection", "close").end(url === "/order" ? takeOrder() : "ending");
    if (url === "/end") response.on("close", () => process.exit(0));
  });
  server.listen(Number(process.env.SHOP_PORT), "127.0.0.1", () => console.log(greeting));
};
