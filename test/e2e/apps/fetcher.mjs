// A child process, and an agent that ends with the process that started it.
import { instrument } from "otel-forecast";

class Fetcher {
  fetch() {
    return "page";
  }
}

const fetcher = instrument("reader", new Fetcher());
setInterval(() => fetcher.fetch(), 100);
if (process.env.OUTLIVES === undefined) process.on("disconnect", () => process.exit(0));
setTimeout(() => process.exit(0), 600_000);
