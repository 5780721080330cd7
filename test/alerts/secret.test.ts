import { inspect } from "node:util";
import { expect, it } from "vitest";
import { Secret } from "../../src/alerts/secret.ts";

const store = {
  environment: { SET: "hush", EMPTY: "" },
  readFile: (path: string): string => {
    if (path === "/there") return "hush\n";
    if (path === "/empty") return "\n";
    throw Object.assign(new Error("not there: hush"), { code: "ENOENT" });
  },
};

it("signs the same way from a variable and from a file", () => {
  const signed = [{ env: "SET" }, { file: "/there" }].map((source) => {
    const secret = Secret.read(source as { env: string }, store);
    return (secret as Secret).sign("what");
  });
  expect(signed[0]).toBe(signed[1]);
  // printf what | openssl dgst -sha256 -hmac hush
  expect(signed[0]).toBe("ab3e48e15741711cbcf19f28a2257cc87bf7612c86b24e380667152cf6ff07d5");
});

it("is not visible in texts, JSON or inspection", () => {
  const secret = Secret.read({ env: "SET" }, store) as Secret;
  expect(
    `${inspect(secret, { depth: 9, showHidden: true })}${JSON.stringify(secret)}${secret}`,
  ).not.toContain("hush");
});

it.each([
  [{ env: "UNSET" }, "must name a variable that is set, and UNSET is not set"],
  [{ env: "EMPTY" }, "must name a variable that is set, and EMPTY is not set"],
  [{ file: "/nowhere" }, "must name a file that can be read, and /nowhere cannot be read (ENOENT)"],
  [{ file: "/empty" }, "must name a file that contains a secret, and /empty is empty"],
])("reports what is wrong with %o", (source, expected) => {
  expect(Secret.read(source as { env: string }, store)).toBe(expected);
});
