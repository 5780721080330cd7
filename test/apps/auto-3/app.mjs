import { setTimeout as pause } from "node:timers/promises";
import { work } from "./shared/work.mjs";

// What the register file of the auto-instrumentations has started pushes by itself; this is longer than it waits.
await work(() => pause(1500));
process.exit(0);
