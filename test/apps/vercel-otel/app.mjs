import { setTimeout as pause } from "node:timers/promises";
import { registerOTel } from "@vercel/otel";
import { work } from "./shared/work.mjs";

registerOTel({ serviceName: "shop" });
await work(() => pause(7000));
process.exit(0);
