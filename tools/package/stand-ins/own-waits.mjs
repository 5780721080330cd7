import waits from "node:timers/promises";

export const { setTimeout, setImmediate } = waits;
