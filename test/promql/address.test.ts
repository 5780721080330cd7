import { expect, it } from "vitest";
import { isHttpAddress, shownAddress, withoutCredentials } from "../../src/promql/address.ts";

it("an address is shown without user and password", () => {
  expect(shownAddress("http://me:s3cret@host/p?q=a@b")).toBe("http://host/p?q=a@b");
  expect(shownAddress("http://me:s3cret@http://me:s3cret@host/p")).not.toContain("s3cret");
  expect(shownAddress("http://me:s3c/ret@host:x/")).toBe("http://host:x/");
  expect(shownAddress("data/a@b.csv")).toBe("data/a@b.csv");
});

it("an address of HTTP is told from others", () => {
  expect(["http://a", "https://a:1/b", "HTTP://a"].map(isHttpAddress)).toEqual([true, true, true]);
  expect(["a:9090", "ftp://a", "", "http://", "prometheus"].map(isHttpAddress)).toEqual(Array(5).fill(false));
});

it.each([
  ["http://me%40home:s3cret@host/p", "me@home:s3cret"],
  ["http://me@host/p", "me:"],
  ["http://:token@host/p", ":token"],
  // "%zz" is no escape.
  ["http://me:50%zz@host/p", "me:50%zz"],
])("%s has a login", (address, login) => {
  const { url, headers } = withoutCredentials(new URL(address));
  expect(url.href).toBe("http://host/p");
  expect(headers).toEqual({ authorization: `Basic ${Buffer.from(login).toString("base64")}` });
});

it("an address without a login needs no header", () => {
  const given = new URL("http://host/p");
  expect(withoutCredentials(given)).toEqual({ url: given, headers: {} });
});
