import { Worker, isMainThread } from "node:worker_threads";
if (isMainThread) {
  const n = Number(process.env.N); let up = 0, errs = 0, exits = 0; const ws = [];
  for (let i = 0; i < n; i++) { const w = new Worker(new URL(import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 32 } }); ws.push(w);
    w.on("message", () => up++); w.on("error", (e) => { if (errs++ < 3) console.log("error", e.message); }); w.on("exit", () => exits++); }
  const t0 = Date.now();
  while (up + errs < n && Date.now() - t0 < 400000) await new Promise(r => setTimeout(r, 200));
  console.log("up", up, "errs", errs, Date.now() - t0, "ms rss", Math.round(process.memoryUsage().rss / 2**20));
  await new Promise(r => setTimeout(r, 4000));
  if (process.env.PLUG) { const t1 = Date.now(); const r = await fetch("http://localhost:9464/metrics").catch(e => e); const t = r.text ? await r.text() : String(r.cause); console.log("scrape", r.status, t.length, Date.now() - t1); }
  const t2 = Date.now();
  for (const w of ws) w.postMessage("end");
  while (exits < n && Date.now() - t2 < 60000) await new Promise(r => setTimeout(r, 100));
  console.log("exits", exits, Date.now() - t2);
} else {
  const { parentPort } = await import("node:worker_threads");
  parentPort.postMessage("up"); parentPort.once("message", () => parentPort.close());
}
