import { expect, it } from "vitest";
import { mayUseNetwork } from "../../src/prometheus/listen.ts";

const flagsOfNode25 = new Set(["--permission", "--allow-net"]);
const flagsOfNode24 = new Set(["--permission"]);

it("may use the network without the permission model", () => {
  expect(mayUseNetwork()).toBe(true);
  expect(mayUseNetwork({ allowedNodeEnvironmentFlags: flagsOfNode25 })).toBe(true);
});

it.each([true, false])(
  "asks a Node whose permission model knows of the network, which says %s",
  (allowed) => {
    const permission = { has: (scope: string) => scope === "net" && allowed };
    expect(mayUseNetwork({ permission, allowedNodeEnvironmentFlags: flagsOfNode25 })).toBe(allowed);
  },
);

it("does not ask a Node whose permission model does not know the network", () => {
  const permission = { has: () => false };
  expect(mayUseNetwork({ permission, allowedNodeEnvironmentFlags: flagsOfNode24 })).toBe(true);
});
