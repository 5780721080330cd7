import { compare as compareByBcrypt, hashSync } from "bcryptjs";
import { describe, expect, it, vi } from "vitest";
import { basicAuthOf, Logins } from "../../../src/prometheus/web/logins.ts";
import { ProtectedEndpoint, TLS, USERS } from "./protected-endpoint.ts";

const basic = (user: string, password: string): object => ({
  headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
});

describe("an endpoint with users", () => {
  it("answers every path only to a right login", async () => {
    const served = await ProtectedEndpoint.started(TLS + USERS);
    for (const path of ["/metrics", "/health", "/nothing"]) {
      const refused = await served.https({ path });
      expect([refused.status, refused.headers["www-authenticate"]]).toEqual([
        401,
        'Basic realm="otel-forecast"',
      ]);
      expect(refused.body).toBe("Unauthorized\n");
    }
    expect((await served.https(basic("prometheus", "wrong"))).status).toBe(401);
    expect((await served.https(basic("nobody", "secret"))).status).toBe(401);
    expect((await served.https({ headers: { authorization: "Bearer secret" } })).status).toBe(401);
    expect((await served.https(basic("prometheus", "secret"))).status).toBe(200);
  });

  it("takes changed users at the next request", async () => {
    const served = await ProtectedEndpoint.started(USERS);
    expect((await served.http(basic("prometheus", "secret"))).status).toBe(200);
    served.write(USERS.replace("prometheus", "mimir"));
    expect((await served.http(basic("prometheus", "secret"))).status).toBe(401);
    expect((await served.http(basic("mimir", "secret"))).status).toBe(200);
  });

  it("limits failed logins of an address, but never a login that was right before", async () => {
    const served = await ProtectedEndpoint.started(USERS);
    expect((await served.http(basic("prometheus", "secret"))).status).toBe(200);
    const statuses = new Set<number | undefined>();
    for (let i = 0; i < 15; i += 1)
      statuses.add((await served.http(basic("prometheus", `guess ${i}`))).status);
    expect(statuses).toEqual(new Set([401, 429]));
    expect((await served.http(basic("prometheus", "guess 0"))).status).toBe(429);
    expect((await served.http(basic("prometheus", "secret"))).status).toBe(200);
  });
});

const users = new Map([["a", hashSync("right", 4)]]);
const login = (password: string, address = "10.0.0.1", user = "a") => ({ user, password, address });

describe("logins", () => {
  it("compare each login once, however often it comes and however it ends", async () => {
    const compare = vi.fn((password: string, hash: string) => compareByBcrypt(password, hash));
    const logins = new Logins(() => 0, compare);
    const together = await Promise.all(Array.from({ length: 5 }, () => logins.check(login("right"), users)));
    expect(new Set(together)).toEqual(new Set(["right"]));
    for (let i = 0; i < 3; i += 1) {
      expect(await logins.check(login("right"), users)).toBe("right");
      expect(await logins.check(login("wrong"), users)).toBe("wrong");
    }
    expect(compare).toHaveBeenCalledTimes(2);
  });

  it("compare at most 20 passwords at once, from however many addresses, and one each second", async () => {
    const compare = vi.fn((password: string, hash: string) => compareByBcrypt(password, hash));
    let now = 0;
    const logins = new Logins(() => now, compare);
    const flood = async (from: number) => {
      for (let i = from; i < from + 100; i += 1)
        await logins.check(login(`guess ${i}`, `10.1.${i}.1`), users);
      return compare.mock.calls.length;
    };
    expect(await flood(0)).toBe(20);
    now = 3000;
    expect(await flood(100)).toBe(23);
  });

  it("count an address by its network: one client has many IPv6 addresses", async () => {
    const logins = new Logins(() => 0);
    const results: string[] = [];
    for (let i = 0; i < 12; i += 1)
      results.push(await logins.check(login(`guess ${i}`, `2001:db8:0:1::${i}`), users));
    expect(results.slice(-2)).toEqual(["too many", "too many"]);
    expect(await logins.check(login("other", "2001:db8:0:2::1"), users)).toBe("wrong");
  });

  it("compare a user that does not exist too, and a password of 100 kB", async () => {
    const compare = vi.fn((password: string, hash: string) => compareByBcrypt(password, hash));
    const logins = new Logins(() => 0, compare);
    expect(await logins.check(login("right", "10.0.0.1", "nobody"), users)).toBe("wrong");
    // It takes as long as with the hash of a user, whose cost and salt it has.
    const [[, hash = ""] = []] = compare.mock.calls;
    expect(hash).toBe((users.get("a") as string).slice(0, 29) + ".".repeat(31));
    expect(await logins.check(login("x".repeat(100_000)), users)).toBe("wrong");
    expect(compare).toHaveBeenCalledTimes(2);
  });
});

it.each([
  ["Basic YTpiOmM=", { user: "a", password: "b:c" }],
  ["basic  YTo=", { user: "a", password: "" }],
  [`Basic ${Buffer.from("ä:ö").toString("base64")}`, { user: "ä", password: "ö" }],
  ["Basic YQ==", undefined],
  ["Basic", undefined],
  ["Bearer YTpi", undefined],
  [undefined, undefined],
])("the header %s is %o", (header, expected) => {
  expect(basicAuthOf(header)).toEqual(expected);
});
