import { setTimeout as pause } from "node:timers/promises";
import openlitModule from "openlit";
import { work } from "./shared/work.mjs";

const openlit = openlitModule.default ?? openlitModule;
openlit.init({ otlpEndpoint: process.env.SINK, applicationName: "shop" });
// It has no way to flush: its spans are pushed every five seconds.
await work(() => pause(7000));
process.exit(0);
