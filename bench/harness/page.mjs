import { get } from "node:http";

/** Scrapes from within the process. Counts the bytes of the answer and discards it. */
export function lengthOfPage(port) {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "/metrics", agent: false }, (response) => {
      let bytes = 0;
      response.on("data", (piece) => {
        bytes += piece.length;
      });
      response.on("end", () => resolve(bytes));
      response.on("error", reject);
    }).on("error", reject);
  });
}
