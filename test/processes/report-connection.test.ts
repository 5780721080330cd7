import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Questions } from "../../src/processes/questions.ts";
import { ReportConnection, ReportServer } from "../../src/processes/report-connection.ts";
import { eventually, until } from "../eventually.ts";

let path: string;
let server: ReportServer;
/** What the receiver was given, and what it was told of. */
const heard: unknown[] = [];
const asking = new Map<string, Questions>();
const report = { self: "shop", series: [] };

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), "otel-forecast-reports-"));
  path = process.platform === "win32" ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, "socket");
  heard.splice(0);
  server = new ReportServer(
    {
      take: (id, given, questions) => {
        heard.push([id, given]);
        if (questions !== undefined) asking.set(id, questions);
        return given !== "refused";
      },
      remove: (id) => heard.push(`${id} removed`),
    },
    "worker",
  );
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await server.listen(path);
});

/** A member as it is on the wire: the lines that it gets. */
function member(): { socket: Socket; lines: string[] } {
  const socket = connect(path).on("error", () => {});
  onTestFinished(() => void socket.destroy());
  const lines: string[] = [];
  createInterface({ input: socket }).on("line", (line) => lines.push(line));
  return { socket, lines };
}

async function connected(...more: unknown[]): Promise<{ connection: ReportConnection; lost: boolean[] }> {
  const lost: boolean[] = [];
  const connection = new ReportConnection(path, (isStalled) => lost.push(isStalled), ...(more as []));
  expect(await connection.connect()).toBe(true);
  onTestFinished(() => connection.close());
  return { connection, lost };
}

describe("members of a server", () => {
  it("have an id by their kind and their order, until they end", async () => {
    const [one, other] = [member(), member()];
    one.socket.write("1\n");
    await until(() => heard.length === 1);
    other.socket.write("2\n3\n");
    await until(() => heard.length === 3);
    one.socket.end();
    await until(() => heard.length === 4);
    expect(heard).toEqual([["worker 1", 1], ["worker 2", 2], ["worker 2", 3], "worker 1 removed"]);
    expect([server.send("worker 1", "gone"), server.send("worker 2", "here")]).toEqual([false, true]);
    await until(() => other.lines.length > 0);
    expect(other.lines).toEqual(['"here"']);
  });

  it.each([['"refused"\n"later"\n'], ["no JSON\n"]])(
    "are disconnected after %j only if it is no report",
    async (text) => {
      const { socket } = member();
      socket.write(text);
      const isRefused = text.includes("refused");
      await until(() => heard.length === (isRefused ? 2 : 1));
      expect(heard).toEqual([
        ["worker 1", isRefused ? "refused" : undefined],
        ...(isRefused ? ["worker 1 removed"] : []),
      ]);
    },
  );

  it("are asked, and what they answer is no report", async () => {
    const { socket, lines } = member();
    socket.write("1\n");
    await until(() => heard.length === 1);
    const answer = asking.get("worker 1")?.ask("?");
    await until(() => lines.length > 0);
    expect(lines).toEqual(['{"question":1,"body":"?"}']);
    socket.write('{"answer":1,"body":"!"}\n');
    expect(await answer).toBe("!");
    expect(heard).toHaveLength(1);
    const unanswered = asking.get("worker 1")?.ask("?");
    socket.destroy();
    expect(await unanswered).toBeUndefined();
  });

  it("are not removed when the server closes, since they go on without it", async () => {
    const { socket } = member();
    socket.write("1\n");
    await until(() => heard.length === 1);
    const closed = new Promise((done) => socket.once("close", done));
    await server.close();
    await closed;
    expect(heard).toEqual([["worker 1", 1]]);
    expect(await new ReportConnection(path, () => {}).connect()).toBe(false);
  });

  it("stay connected when the server stops listening, or listens elsewhere", async () => {
    const { socket } = member();
    socket.write("1\n");
    await until(() => heard.length === 1);
    expect(server.isListening).toBe(true);
    await server.listen(`${path}2`);
    expect(await new ReportConnection(path, () => {}).connect()).toBe(false);
    server.stopListening();
    expect(server.isListening).toBe(false);
    socket.write("2\n");
    await until(() => heard.length === 2);
  });

  it("cannot connect where the socket can't be opened", async () => {
    await expect(server.listen(join(path, "none", "socket"))).rejects.toThrow(/listen/);
    expect(server.isListening).toBe(false);
  });
});

describe("a connection", () => {
  it("sends reports, answers questions, and hands on all else that comes", async () => {
    const messages: string[] = [];
    const answering = async (body: unknown) => [body];
    const { connection, lost } = await connected(answering, (line: string) => messages.push(line));
    expect(connection.isFree).toBe(true);
    expect(connection.send(report as never)).toBe(true);
    await until(() => heard.length === 1);
    expect(heard).toEqual([["worker 1", report]]);
    expect(await asking.get("worker 1")?.ask("?")).toEqual(["?"]);
    const others = [null, { more: '{"question":1' }, { question: "none" }, { body: 1, question: 2 }];
    for (const message of others) server.send("worker 1", message, true);
    await until(() => messages.length === others.length);
    expect(messages.map((line) => JSON.parse(line))).toEqual(others);
    expect(lost).toEqual([]);
  });

  it("answers nothing unless it is given an answer, and needs no listener", async () => {
    const { connection } = await connected();
    connection.send(report as never);
    await until(() => heard.length === 1);
    server.send("worker 1", "a message", true);
    expect(await asking.get("worker 1")?.ask("?")).toBeUndefined();
  });

  it("is not lost when it is closed from here, sends nothing then, and can be opened again", async () => {
    const { connection, lost } = await connected();
    await connection.close();
    expect([connection.isFree, connection.send(report as never)]).toEqual([false, false]);
    await connection.close();
    expect(await connection.connect()).toBe(true);
    expect(connection.send(report as never)).toBe(true);
    await until(() => heard.length > 0);
    expect(lost).toEqual([]);
  });

  it("is lost when the other process closes it", async () => {
    const { connection, lost } = await connected();
    connection.send(report as never);
    await until(() => heard.length === 1);
    await server.close();
    await eventually(() => expect(lost).toEqual([false]));
    expect([connection.isFree, connection.send(report as never)]).toEqual([false, false]);
  });

  it("is none where nobody listens, and then nothing is lost", async () => {
    const lost: boolean[] = [];
    const connection = new ReportConnection(`${path}-none`, (isStalled) => lost.push(isStalled));
    expect(connection.isFree).toBe(false);
    expect(await connection.connect()).toBe(false);
    expect(lost).toEqual([]);
  });

  it("is not free while a report is being sent", async () => {
    const { connection } = await connected();
    const metric = { name: "x".repeat(8_000_000), unit: "", description: "", scope: "s", type: "gauge" };
    connection.send({ ...report, series: [{ metric, labels: { agent: "a" }, value: 1 }] } as never);
    expect(connection.isFree).toBe(false);
    await until(() => connection.isFree);
  });
});
