import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Command } from "commander";
import { expect, it, onTestFinished } from "vitest";
import { defineStatus } from "../../../src/commands/status/define.ts";

it.each(["{}", '{"series":1,"selected":1,"forecasts":[null],"alerts":[]}', '{"forecasts":[{}],"alerts":5}'])(
  "names the process whose answer is none of the read API: %s",
  async (answer) => {
    const server = createServer((_, response) => void response.end(answer)).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const program = new Command().exitOverride();
    defineStatus(program);
    await expect(program.parseAsync(["status", url], { from: "user" })).rejects.toThrow(
      `${url} can't be asked for its forecasts: its answer is not that of the read API`,
    );
  },
);
