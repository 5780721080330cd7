import * as traceloop from "@traceloop/node-server-sdk";
import { work } from "./shared/work.mjs";

traceloop.initialize({
  baseUrl: process.env.SINK,
  apiKey: "none",
  appName: "shop",
  silenceInitializationMessage: true,
});
await work(() => traceloop.forceFlush());
process.exit(0);
