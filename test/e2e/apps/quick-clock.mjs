// Preloaded before everything else: the clock of the system goes 120 times as fast, from CLOCK_BASE on.
const now = Date.now;
const started = now();
const base = Number(process.env.CLOCK_BASE);
Date.now = () => Math.floor(base + (now() - started) * 120);
