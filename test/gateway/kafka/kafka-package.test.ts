import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";

const SOURCE = pathToFileURL(
  resolve(import.meta.dirname, "../../../src/gateway/kafka/kafka-package.ts"),
).href;

/** Loads the client in a process of its own, in which it has another name. */
function loadedAs(name: string): string {
  const script = `
    import { registerHooks } from "node:module";
    registerHooks({
      resolve: (specifier, context, next) =>
        next(specifier === "@platformatic/kafka" ? ${JSON.stringify(name)} : specifier, context),
    });
    const { loadKafka } = await import(${JSON.stringify(SOURCE)});
    await loadKafka().then((kafka) => console.log(typeof kafka.Consumer), (error) => console.log(error.message));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
  });
  return stdout.trim();
}

it("a missing client is an error with the command that installs it", () => {
  expect(loadedAs("@platformatic/kafka")).toBe("function");
  expect(loadedAs("@platformatic/kafka-that-is-missing")).toBe(
    "receivers.kafka needs a package that is not installed: npm install @platformatic/kafka",
  );
});
