// Scrapes in a process of its own: what a client costs is no cost of the endpoint. For each port that it is sent, it
// scrapes once, discards the answer, and sends back how many bytes that had.
import { get } from "node:http";

process.on("message", (port) => {
  get({ host: "127.0.0.1", port: Number(port), path: "/metrics", agent: false }, (response) => {
    let bytes = 0;
    response.on("data", (piece) => {
      bytes += piece.length;
    });
    response.on("end", () => process.send?.(bytes));
  });
});
