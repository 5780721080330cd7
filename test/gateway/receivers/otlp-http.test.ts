import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { hashSync } from "bcryptjs";
import { describe, expect, it } from "vitest";
import type { OtlpHttpReceiver } from "../../../src/gateway/receivers/otlp-http.ts";
import { eventually, until } from "../../eventually.ts";
import { pem } from "../../prometheus/web/protected-endpoint.ts";
import {
  ExportResponse,
  type Message,
  protobufOf,
  RpcStatus,
  requestOf,
} from "../../wire/otlp/otlp-messages.ts";
import { afterTest, lines, Surroundings, webConfigOf } from "./started-receivers.ts";

const POINT = { timeUnixNano: "1700000000000000000", asDouble: 1.5 };
const REQUEST = requestOf({ name: "g", gauge: { dataPoints: [POINT] } });
const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json" };
const USERS = `basic_auth_users:\n  agent: ${hashSync("secret", 4)}\n`;
const BASIC = { authorization: `Basic ${Buffer.from("agent:secret").toString("base64")}` };

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

function post(receiver: OtlpHttpReceiver, body: Uint8Array, options: RequestOptions = {}): Promise<Answer> {
  return send(httpRequest, body, { port: receiver.port, ...options });
}

function send(by: typeof httpsRequest, body: Uint8Array, options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const target = {
      host: "127.0.0.1",
      path: "/v1/metrics",
      method: "POST",
      agent: false,
      headers: PROTOBUF,
    };
    const request = by({ ...target, ...options }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part)).on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    request.on("error", reject).end(body);
  });
}

const statusIn = (answer: Answer): Message => RpcStatus.toObject(RpcStatus.decode(answer.body));
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe("a receiver of OTLP/HTTP", () => {
  it("takes protobuf and answers in protobuf", async () => {
    const surroundings = new Surroundings();
    const answer = await post(await surroundings.http(), protobufOf(REQUEST));
    expect([answer.status, answer.headers["content-type"], answer.body.length]).toEqual([
      200,
      "application/x-protobuf",
      0,
    ]);
    expect(surroundings.intake.points.map(({ value, at }) => [value, at])).toEqual([[1.5, 1.7e12]]);
    expect([surroundings.received, surroundings.refused]).toEqual([1, {}]);
  });

  it("keeps a connection for senders that send each minute", async () => {
    const receiver = await new Surroundings().http();
    const agent = new Agent({ keepAlive: true });
    const answer = await post(receiver, protobufOf(REQUEST), { agent });
    agent.destroy();
    expect(answer.headers["keep-alive"]).toBe("timeout=120");
  });

  it("takes JSON and answers in JSON", async () => {
    const surroundings = new Surroundings();
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    const answer = await post(await surroundings.http(), json(REQUEST), { headers });
    expect([answer.status, answer.headers["content-type"], String(answer.body)]).toEqual([
      200,
      "application/json",
      "{}",
    ]);
    expect(surroundings.received).toBe(1);
  });

  it.each([
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["GZIP", gzipSync],
    ["deflate", deflateSync],
    ["zstd", zstdCompressSync],
    ["identity", (bytes: Uint8Array) => bytes],
  ])("decompresses %s", async (encoding, compress) => {
    const surroundings = new Surroundings();
    const headers = { ...PROTOBUF, "content-encoding": encoding };
    const answer = await post(await surroundings.http(), compress(protobufOf(REQUEST)), { headers });
    expect([answer.status, surroundings.received]).toEqual([200, 1]);
    expect(surroundings.capacity.bytesInFlight).toBe(0);
  });

  it.each(["identity", "gzip"])("takes a body that comes in many parts (%s)", async (encoding) => {
    const surroundings = new Surroundings();
    const dataPoints = Array.from({ length: 60_000 }, (_, index) => ({ ...POINT, asDouble: index / 7 }));
    const bytes = protobufOf(requestOf({ name: "g", gauge: { dataPoints } }));
    expect(bytes.length).toBeGreaterThan(2 ** 20);
    const body = encoding === "gzip" ? gzipSync(bytes) : bytes;
    const headers = { ...PROTOBUF, "content-encoding": encoding };
    expect((await post(await surroundings.http(), body, { headers })).status).toBe(200);
    expect(surroundings.intake.points.map(({ value }) => value)).toEqual(
      dataPoints.map(({ asDouble }) => asDouble),
    );
  });

  it("tells which points it has rejected", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http();
    const request = requestOf(
      { name: "g", gauge: { dataPoints: [POINT, {}] } },
      { name: "s", summary: { dataPoints: [POINT] } },
    );
    const partialSuccess = { rejectedDataPoints: "1", errorMessage: "1 x the point has no time" };
    const answer = await post(receiver, protobufOf(request));
    expect(ExportResponse.toObject(ExportResponse.decode(answer.body), { longs: String })).toEqual({
      partialSuccess,
    });
    const inJson = await post(receiver, json(request), { headers: JSON_TYPE });
    expect([inJson.status, JSON.parse(String(inJson.body))]).toEqual([200, { partialSuccess }]);
    expect([surroundings.received, surroundings.refused]).toEqual([2, { no_time: 2, summary: 2 }]);
    expect(lines("warn")).toEqual([
      expect.stringContaining("OTLP/HTTP receiver: rejected 1 points (no_time): the point has no time"),
      expect.stringContaining("OTLP/HTTP receiver: left out points of summaries"),
    ]);
  });

  it.each<[string, number, number, string, RequestOptions, Uint8Array]>([
    [
      "another path",
      404,
      12,
      "there is nothing here; this gateway receives metrics at /v1/metrics",
      { path: "/v1/traces" },
      protobufOf(REQUEST),
    ],
    ["another method", 405, 12, "/v1/metrics receives POST requests", { method: "GET" }, new Uint8Array(0)],
    [
      "malformed protobuf",
      400,
      3,
      "the protobuf message is cut off, or has a wrong length",
      {},
      protobufOf(REQUEST).subarray(1),
    ],
    [
      "what is not gzip",
      400,
      3,
      "the body cannot be decompressed: incorrect header check",
      { headers: { ...PROTOBUF, "content-encoding": "gzip" } },
      protobufOf(REQUEST),
    ],
    [
      "gzip that is cut off",
      400,
      3,
      "the body cannot be decompressed: unexpected end of file",
      { headers: { ...PROTOBUF, "content-encoding": "gzip" } },
      gzipSync(protobufOf(REQUEST)).subarray(0, -9),
    ],
    [
      "another encoding",
      415,
      12,
      "the content encoding is br, expected one of gzip, zstd, deflate, identity",
      { headers: { ...PROTOBUF, "content-encoding": "br" } },
      protobufOf(REQUEST),
    ],
  ])("refuses %s with a status in protobuf", async (_, status, code, message, options, body) => {
    const surroundings = new Surroundings();
    const answer = await post(await surroundings.http(), body, { headers: PROTOBUF, ...options });
    expect([answer.status, answer.headers["content-type"]]).toEqual([status, "application/x-protobuf"]);
    expect(statusIn(answer)).toEqual({ code, message });
    expect(Object.entries(surroundings.refused)).toEqual([[expect.any(String), 1]]);
  });

  it("refuses malformed JSON and other content types with a status in JSON", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http();
    const malformed = await post(receiver, Buffer.from("{"), { headers: JSON_TYPE });
    expect([malformed.status, JSON.parse(String(malformed.body))]).toEqual([
      400,
      { code: 3, message: "the JSON text is not valid at byte 1, expected key or end" },
    ]);
    const other = await post(receiver, json(REQUEST), { headers: { "content-type": "text/plain" } });
    expect([other.status, JSON.parse(String(other.body))]).toEqual([
      415,
      {
        code: 12,
        message: "the content type is text/plain, expected application/x-protobuf or application/json",
      },
    ]);
    expect((await post(receiver, json(REQUEST), { headers: {} })).status).toBe(415);
    expect((await post(receiver, json(REQUEST), { method: "PUT" })).headers.allow).toBe("POST");
    expect(surroundings.refused).toEqual({ malformed: 1, unsupported_type: 2, wrong_method: 1 });
  });

  it("logs the first refusal of each kind only", async () => {
    const receiver = await new Surroundings().http();
    for (let times = 0; times < 3; times += 1) await post(receiver, Buffer.from("\u0001"));
    expect(lines("warn")).toEqual([
      expect.stringMatching(
        /OTLP\/HTTP receiver: refused a request from 127\.0\.0\.1 \(malformed\): .+ Later ones are only counted\.$/,
      ),
    ]);
  });

  const LONG_TENANT = "t".repeat(200);

  it("keeps tenants apart", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http({ tenantHeader: "X-Scope-OrgID" });
    for (const tenant of ["a", "b", " a ", LONG_TENANT, " "])
      await post(receiver, protobufOf(REQUEST), { headers: { ...PROTOBUF, "x-scope-orgid": tenant } });
    await post(receiver, protobufOf(REQUEST));
    expect(Array.from(surroundings.intakes, ([tenant, { points }]) => [tenant, points.length])).toEqual([
      ["a", 2],
      ["b", 1],
      [LONG_TENANT.slice(0, 150), 1],
      [undefined, 2],
    ]);
  });

  it("answers 500 if the intake fails, and goes on", async () => {
    const surroundings = new Surroundings();
    const intakeFor = (): never => {
      throw new Error("the disk is full");
    };
    const answer = await post(await surroundings.http({ intakeFor }), protobufOf(REQUEST));
    expect([answer.status, statusIn(answer).code]).toEqual([500, 13]);
    expect(String(answer.body)).not.toContain("disk");
    expect(lines("error")).toEqual([expect.stringContaining("(internal)")]);
  });
});

describe("a body that is too large", () => {
  const limits = { maxBodyBytes: 100_000 };

  it.each([
    ["that its sender announces", PROTOBUF, new Uint8Array(100_001)],
    ["that comes in parts", { ...PROTOBUF, "transfer-encoding": "chunked" }, new Uint8Array(100_001)],
    [
      "when it is decompressed from gzip",
      { ...PROTOBUF, "content-encoding": "gzip" },
      gzipSync(new Uint8Array(100_001)),
    ],
    [
      "when it is decompressed from zstd",
      { ...PROTOBUF, "content-encoding": "zstd" },
      zstdCompressSync(new Uint8Array(100_001)),
    ],
  ])("%s is refused", async (_, headers, body) => {
    const surroundings = new Surroundings();
    const answer = await post(await surroundings.http({ limits }), body, { headers });
    expect([answer.status, statusIn(answer)]).toEqual([
      413,
      { code: 8, message: "the body has more than 100000 bytes" },
    ]);
    expect(surroundings.refused).toEqual({ too_large: 1 });
    expect(surroundings.capacity.bytesInFlight).toBe(0);
  });

  it.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ])("of 1 GiB in %s takes no more memory than the limit", async (encoding, compress) => {
    const bomb = Buffer.concat(new Array(1024).fill(compress(Buffer.alloc(2 ** 20))));
    const surroundings = new Surroundings();
    const receiver = await surroundings.http();
    let most = 0;
    const taking = surroundings.capacity.lease.bind(surroundings.capacity);
    surroundings.capacity.lease = () => {
      const lease = taking();
      const take = lease.take.bind(lease);
      lease.take = (bytes) => {
        most = Math.max(most, surroundings.capacity.bytesInFlight + bytes);
        return take(bytes);
      };
      return lease;
    };
    const answer = await post(receiver, bomb, { headers: { ...PROTOBUF, "content-encoding": encoding } });
    expect(answer.status).toBe(413);
    expect(most).toBeLessThanOrEqual(64 * 2 ** 20);
    expect(surroundings.capacity.bytesInFlight).toBe(0);
  });

  it("leaves the connection usable once its rest has come", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http({ limits });
    const socket = connect(receiver.port as number, "127.0.0.1");
    afterTest(() => socket.destroy());
    let answers = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      answers += text;
    });
    const head = (length: number): string =>
      `POST /v1/metrics HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
    socket.write(head(100_001));
    await until(() => answers.includes("413 Payload Too Large"));
    socket.write(`${" ".repeat(100_001)}${head(2)}{}`);
    await until(() => answers.includes("200 OK"));
    expect(socket.closed).toBe(false);
  });
});

describe("the bytes of all requests together", () => {
  it("are limited: a request beyond the limit is told to come again", async () => {
    const surroundings = new Surroundings(1000);
    const receiver = await surroundings.http();
    const blocker = surroundings.capacity.lease();
    blocker.take(990);
    const body = protobufOf(REQUEST);
    const answer = await post(receiver, body);
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
    expect(statusIn(answer)).toEqual({
      code: 14,
      message: "the gateway holds as many bytes of requests as it may; try again later",
      details: [expect.objectContaining({ typeUrl: "type.googleapis.com/google.rpc.RetryInfo" })],
    });
    blocker.release();
    expect((await post(receiver, body)).status).toBe(200);
    expect(surroundings.refused).toEqual({ overloaded: 1 });
  });
});

describe("a request that comes before the state is loaded", () => {
  it("is told to come again, and nothing of it is taken", async () => {
    const surroundings = new Surroundings();
    let reason: "not_ready" | undefined = "not_ready";
    const receiver = await surroundings.http({ postponedBecause: () => reason });
    const body = protobufOf(REQUEST);
    const answer = await post(receiver, body);
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
    expect(statusIn(answer)).toEqual({
      code: 14,
      message: "the gateway loads its state; try again later",
      details: [expect.objectContaining({ typeUrl: "type.googleapis.com/google.rpc.RetryInfo" })],
    });
    expect([surroundings.received, surroundings.refused]).toEqual([0, { not_ready: 1 }]);
    reason = undefined;
    expect((await post(receiver, body)).status).toBe(200);
  });
});

describe("a sender", () => {
  const head =
    "POST /v1/metrics HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n";

  async function sender(
    receiver: OtlpHttpReceiver,
  ): Promise<{ text: () => string; socket: ReturnType<typeof connect> }> {
    const socket = connect(receiver.port as number, "127.0.0.1");
    afterTest(() => socket.destroy());
    let text = "";
    socket.setEncoding("latin1").on("data", (part: string) => {
      text += part;
    });
    socket.on("error", () => {});
    await once(socket, "connect");
    return { text: () => text, socket };
  }

  it("from which nothing comes is cut off", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http({ limits: { stalledMillis: 50 } });
    const { socket, text } = await sender(receiver);
    socket.write(`${head}{"a":`);
    await until(() => text().includes("408 Request Timeout"));
    expect(text()).toContain("nothing came for 0.05 seconds");
    await once(socket, "close");
    expect(surroundings.refused).toEqual({ timed_out: 1 });
    expect(surroundings.capacity.bytesInFlight).toBe(0);
  });

  it("that is too slow is cut off", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http({ limits: { requestMillis: 100 } });
    const { socket, text } = await sender(receiver);
    socket.write(head);
    const drip = setInterval(() => socket.write(" "), 10);
    afterTest(() => clearInterval(drip));
    await until(() => text().includes("408 Request Timeout"));
    expect(text()).toContain("the body did not come within 0.1 seconds");
  });

  it("that goes away leaves nothing behind", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http();
    const { socket } = await sender(receiver);
    socket.write(`${head}{"a":`);
    await until(() => surroundings.capacity.bytesInFlight > 0);
    socket.resetAndDestroy();
    await eventually(() => expect(surroundings.refused).toEqual({ interrupted: 1 }));
    expect(surroundings.capacity.bytesInFlight).toBe(0);
  });

  it("does not delay the end of the receiver for long", async () => {
    const receiver = await new Surroundings().http();
    const { socket } = await sender(receiver);
    socket.write(head);
    const idle = await sender(receiver);
    const begun = performance.now();
    await receiver.shutdown();
    expect(performance.now() - begun).toBeLessThan(2000);
    await Promise.all([socket, idle.socket].map((it) => it.closed || once(it, "close")));
    await receiver.shutdown();
  });
});

describe("a login", () => {
  it("is needed if the web configuration has users", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http({ webConfig: webConfigOf(USERS) });
    const statusWith = async (headers: RequestOptions["headers"]): Promise<number | undefined> =>
      (await post(receiver, protobufOf(REQUEST), { headers: { ...PROTOBUF, ...headers } })).status;
    expect(await statusWith({})).toBe(401);
    expect(await statusWith({ authorization: "Basic YWdlbnQ6d3Jvbmc=" })).toBe(401);
    expect(await statusWith(BASIC)).toBe(200);
    const answer = await post(receiver, protobufOf(REQUEST));
    expect(answer.headers["www-authenticate"]).toBe(
      'Basic realm="otel-forecast", Bearer realm="otel-forecast"',
    );
    expect(surroundings.refused).toEqual({ unauthenticated: 3 });
  });

  it("may be a bearer token, beside users or alone", async () => {
    for (const webConfig of [undefined, webConfigOf(USERS)]) {
      const receiver = await new Surroundings().http({ webConfig, bearerTokens: ["one", "two"] });
      const statusWith = async (headers: RequestOptions["headers"]): Promise<number | undefined> =>
        (await post(receiver, protobufOf(REQUEST), { headers: { ...PROTOBUF, ...headers } })).status;
      expect(await statusWith({})).toBe(401);
      expect(await statusWith({ authorization: "Bearer three" })).toBe(401);
      expect(await statusWith({ authorization: "Bearer two" })).toBe(200);
      expect(await statusWith({ authorization: "bearer one" })).toBe(200);
      expect(await statusWith(BASIC)).toBe(webConfig === undefined ? 401 : 200);
    }
  });

  it("may be a bearer token of a file, which is read again when it has changed", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "otel-forecast-")), "tokens");
    writeFileSync(file, "# of the agents\none\r\n\ntwo=\n");
    const receiver = await new Surroundings().http({ bearerTokenFile: file });
    const statusWith = async (token: string): Promise<number | undefined> => {
      const headers = { ...PROTOBUF, authorization: `Bearer ${token}` };
      return (await post(receiver, protobufOf(REQUEST), { headers })).status;
    };
    expect([await statusWith("one"), await statusWith("two="), await statusWith("three")]).toEqual([
      200, 200, 401,
    ]);
    // Of a file that can't be used, the last content is in use.
    writeFileSync(file, "th ree\n");
    await eventually(async () => {
      expect(await statusWith("one")).toBe(200);
      expect(lines("error").at(-1)).toContain(`${file}:1: not a bearer token: expected only letters`);
    });
    expect(lines("error").at(-1)).not.toContain("ree");
    writeFileSync(file, "three\n");
    await eventually(async () => expect(await statusWith("three")).toBe(200));
    expect(await statusWith("one")).toBe(401);
  });

  it("is checked before the body is read", async () => {
    const surroundings = new Surroundings();
    const receiver = await surroundings.http({ bearerTokens: ["one"] });
    const socket = connect(receiver.port as number, "127.0.0.1");
    afterTest(() => socket.destroy());
    socket.write(
      "POST /v1/metrics HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{",
    );
    expect(String(await once(socket, "data"))).toContain("401 Unauthorized");
    expect(surroundings.capacity.bytesInFlight).toBe(0);
  });

  it("is limited by the rate of the web configuration", async () => {
    const surroundings = new Surroundings();
    const webConfig = webConfigOf("rate_limit: { interval: 1h, burst: 1 }\n");
    const receiver = await surroundings.http({ webConfig });
    const answers = [await post(receiver, protobufOf(REQUEST)), await post(receiver, protobufOf(REQUEST))];
    expect(answers.map(({ status, headers }) => [status, headers["retry-after"]])).toEqual([
      [200, undefined],
      [429, "1"],
    ]);
  });

  it("and encryption are those of the web configuration file", async () => {
    const surroundings = new Surroundings();
    const webConfig = webConfigOf(
      `${USERS}tls_server_config: { cert_file: server.crt, key_file: server.key }\n`,
    );
    const { port } = await surroundings.http({ webConfig });
    const tls = { port, ca: pem("authority.crt"), servername: "localhost" };
    const headers = { ...PROTOBUF, ...BASIC };
    expect((await send(httpsRequest, protobufOf(REQUEST), { ...tls, headers })).status).toBe(200);
    expect((await send(httpsRequest, protobufOf(REQUEST), tls)).status).toBe(401);
    await expect(send(httpRequest, protobufOf(REQUEST), { port, headers })).rejects.toThrow();
  });
});

describe("an address", () => {
  it("in use makes the start fail with an error that names it", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    afterTest(() => other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    await expect(new Surroundings().http({ address: { host: "localhost", port } })).rejects.toThrow(
      `OTLP/HTTP receiver: cannot listen on localhost:${port}: another program has this port; end it, or choose another address`,
    );
  });

  it("that other machines can reach needs a login, or leave to do without", async () => {
    const address = { host: "0.0.0.0", port: 0 };
    await expect(new Surroundings().http({ address })).rejects.toThrow(
      "OTLP/HTTP receiver: cannot listen on 0.0.0.0: other machines can reach it, so it needs a login: basic_auth_users",
    );
    await new Surroundings().http({ address, requiresLogin: false });
    expect(lines("warn").at(-1)).toContain("and no login is needed: whoever reaches it can send points");
    await new Surroundings().http({ address, bearerTokens: ["one"] });
    expect(lines("warn").at(-1)).toContain("without encryption: passwords and tokens can be read on the way");
  });

  it("with a web configuration file that cannot be used stays closed", async () => {
    const webConfig = webConfigOf("basic_auth_users: 1\n");
    await expect(new Surroundings().http({ webConfig })).rejects.toThrow(
      /^OTLP\/HTTP receiver: the web configuration file .*web\.yml can't be used: .*basic_auth_users/,
    );
  });

  it("of this machine takes requests of web pages only for localhost", async () => {
    const receiver = await new Surroundings().http();
    const statusFor = async (headers: Record<string, string>): Promise<number | undefined> =>
      (await post(receiver, protobufOf(REQUEST), { headers: { ...PROTOBUF, ...headers } })).status;
    expect(await statusFor({ host: "rebound.example", origin: "http://rebound.example" })).toBe(403);
    expect(await statusFor({ host: "host.docker.internal:4318" })).toBe(200);
    expect(await statusFor({ host: "localhost:4318", origin: "http://localhost:4318" })).toBe(200);
  });
});
