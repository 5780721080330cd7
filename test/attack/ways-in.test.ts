import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { PluginApp } from "../e2e/harness/plugin-app.ts";
import { pem, TLS } from "../prometheus/web/protected-endpoint.ts";
import { attempted, timeBox } from "./harness/attempts.ts";

/** How long the clients of one kind stay. */
const SECONDS = 2;
/** A client whose connection ends comes back after this time. */
const BACK_AFTER_MILLIS = 200;
/** A backstop: a busy machine needs a few seconds. */
const ONE_SCRAPE_MILLIS = 30_000;
/** What the clients may add to the resident memory. Without limits, it was mostly more. */
const MOST_MORE_BYTES = 400 * 1024 * 1024;

const ASKED = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
/** The first bytes of a handshake. */
const BEGINNING = "\x16\x03\x01\x02\x00\x01";
const ASKED_LIST = ASKED.replace("/metrics", "/api/forecasts?limit=1000");
const NEVER_READ = Array<string>(600).fill(ASKED);
const NEVER_READ_LIST = Array<string>(300).fill(ASKED_LIST.repeat(20));
const PIPELINED = Array<string>(100).fill(ASKED.repeat(50));
const HANDSHAKES = Array.from({ length: 600 }, (_, index) => (index % 2 === 0 ? "" : BEGINNING));

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

it.each([
  ["clients that ask and never read", NEVER_READ],
  ["clients that pipeline and never read", PIPELINED],
  ["clients that ask the read API and never read", NEVER_READ_LIST],
])("%s", async (kind, clients) => {
  const app = await wideApp();
  await mustServe(app, kind, clients, async () => {
    const answer = await fetch(app.metricsUrl);
    await answer.arrayBuffer();
    return answer.status;
  });
});

it("handshakes that never finish", async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-attack-ways-in-"));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  cpSync(resolve(import.meta.dirname, "../fixtures/web"), folder, { recursive: true });
  writeFileSync(join(folder, "web.yml"), TLS);
  const app = await wideApp({ OTEL_FORECAST_WEB_CONFIG: join(folder, "web.yml") });
  const url = app.metricsUrl.replace("http:", "https:");
  await mustServe(app, "handshakes that never finish", HANDSHAKES, () => statusOfSecure(url));
});

async function wideApp(env: Record<string, string> = {}): Promise<PluginApp> {
  const app = await PluginApp.start(["test/e2e/apps/wide-page.mjs"], {
    OTEL_FORECAST_COLLECTION_INTERVAL: "5000",
    ...env,
  });
  cleanups.push(() => app.stop());
  return app;
}

/** While clients of a kind stay, another client is served, and the memory stays bounded. */
async function mustServe(
  app: PluginApp,
  kind: string,
  clients: readonly string[],
  scrape: () => Promise<number | undefined>,
): Promise<void> {
  const served = () => app.waitFor("a page", async () => ((await scrape()) === 200 ? true : undefined));
  await served();
  await served();
  const before = residentBytes(app);
  const leave = come(app, clients);
  const until = performance.now() + timeBox(SECONDS);
  const waits: number[] = [];
  let most = before;
  do {
    const begunAt = performance.now();
    await served();
    waits.push(performance.now() - begunAt);
    most = Math.max(most, residentBytes(app));
    attempted(kind, clients.length);
  } while (performance.now() < until);
  leave();
  const longest = Math.round(Math.max(...waits));
  console.log(`${kind}: longest wait ${longest} ms of ${waits.length}, ${(most - before) >> 20} MiB more`);
  expect(longest).toBeLessThan(ONE_SCRAPE_MILLIS);
  expect(most - before).toBeLessThan(MOST_MORE_BYTES);
  await served();
}

/** Clients that write a text and never read. One whose connection ends comes back. */
function come(app: PluginApp, texts: readonly string[]): () => void {
  const port = Number(new URL(app.metricsUrl).port);
  const open = new Set<Socket>();
  let hasLeft = false;
  const enter = (text: string): void => {
    if (hasLeft) return;
    const socket = connect(port, "127.0.0.1").pause();
    open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => {
      open.delete(socket);
      setTimeout(enter, BACK_AFTER_MILLIS, text);
    });
    socket.write(text);
  };
  const leave = (): void => {
    hasLeft = true;
    for (const socket of open) socket.destroy();
  };
  cleanups.push(leave);
  for (const text of texts) enter(text);
  return leave;
}

/** Where the system does not show it, nothing is measured. */
function residentBytes({ pid }: PluginApp): number {
  if (process.platform !== "linux") return 0;
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}

function statusOfSecure(url: string): Promise<number | undefined> {
  const options = { ca: pem("authority.crt"), servername: "localhost", agent: false };
  return new Promise((done, reject) => {
    const request = httpsRequest(url, options, (answer) => {
      answer.resume().once("error", reject);
      answer.once("end", () => done(answer.statusCode));
    });
    request.once("error", reject).end();
  });
}
