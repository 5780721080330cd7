// The app replaces clocks and timers for a while, as its tests do, and counts who uses them.
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import waits from "node:timers/promises";
import { metrics } from "@opentelemetry/api";
import { seen } from "./shared/work.mjs";

const TIMERS = ["setTimeout", "setInterval", "setImmediate"];
const uses = {};
replace(globalThis, [...TIMERS, "queueMicrotask", "fetch"]);
replace(timers, TIMERS);
replace(waits, TIMERS);
replace(Date, ["now"]);
replace(performance, ["now"]);
syncBuiltinESMExports();
metrics.getMeter("app").createCounter("app.units").add(3);
await seen();
console.log(uses);

function replace(holder, names) {
  for (const name of names)
    holder[name] = () => {
      uses[name] = (uses[name] ?? 0) + 1;
      throw new Error(`the ${name} of a test`);
    };
}
