import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { Child, packageRoot } from "../e2e/harness/child.ts";
import { freePorts } from "../e2e/harness/free-ports.ts";
import { type Page, pageAt } from "./pages.ts";

const page = pageAt("docs/tutorial.md");

/** Files that the page says to create, by name. */
const files = new Map(
  [...page.text.matchAll(/^Create the file `([\w.]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
    ([, name = "", content = ""]) => [name, content],
  ),
);
const commands = fenced(page, "sh");
const outputs = fenced(page, "text");

function fenced({ text }: Page, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, block = ""]) => block,
  );
}

/** The only block of the page that holds these words. */
function only(found: readonly string[], words: string): string {
  const [block, ...others] = found.filter((it) => it.includes(words));
  if (block === undefined || others.length > 0) throw new Error(`not one block of the page has "${words}"`);
  return block;
}

/** Numbers, with the units that a duration may have, differ from run to run, and so does how far off a limit is. */
function withoutNumbers(line: string): string {
  return line
    .replaceAll(/\d+(?:\.\d+)?(?:e-?\d+)?(?: (?:ms|s|min|h|seconds?|minutes?|hours?|days?)\b)?/g, "#")
    .replace(/; above its limit of .*: look /, "; above its limit: look ");
}

/** A folder in which the packages that the page installs are those of this clone, and the ports are free ones. */
class Folder {
  readonly path = mkdtempSync(join(tmpdir(), "otel-forecast-tutorial-"));
  readonly #context: TestContext;
  #ports: ReadonlyMap<string, number> = new Map();

  static async open(context: TestContext): Promise<Folder> {
    const folder = new Folder(context);
    const free = await freePorts(3);
    folder.#ports = new Map(["8080", "9000", "9464"].map((port, index) => [port, free[index] as number]));
    return folder;
  }

  private constructor(context: TestContext) {
    this.#context = context;
    context.onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
    const modules = join(this.path, "node_modules");
    mkdirSync(join(modules, ".bin"), { recursive: true });
    symlinkSync(packageRoot, join(modules, "otel-forecast"));
    symlinkSync(join(packageRoot, "dist/cli.cjs"), join(modules, ".bin/otel-forecast"));
    for (const name of ["ai", "zod"])
      symlinkSync(join(packageRoot, "node_modules", name), join(modules, name));
  }

  create(name: string, change = (text: string): string => text): void {
    writeFileSync(join(this.path, name), change(this.#atFreePorts(files.get(name) ?? "")));
  }

  /** Starts a command of the page as a shell does. */
  start(command: string): Child {
    const child = new Child(command, "sh", ["-c", this.#atFreePorts(command)], {
      cwd: this.path,
      env: {
        PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
        OTEL_EXPORTER_PROMETHEUS_PORT: String(this.#ports.get("9464")),
      },
      leads: true,
    });
    this.#context.onTestFinished(() => child.stop());
    return child;
  }

  async outputOf(command: string): Promise<string> {
    const child = this.start(command);
    await child.ends();
    return child.stdout;
  }

  #atFreePorts(text: string): string {
    return [...this.#ports].reduce((it, [port, free]) => it.replaceAll(port, String(free)), text);
  }
}

/** Waits until each line that is shown was printed, but for its numbers. */
async function isShown(child: Child, shown: string, printed: () => Promise<string> | string): Promise<void> {
  await child.waitFor("what the page shows", async () => {
    const lines = new Set((await printed()).split("\n").map(withoutNumbers));
    const missing = shown
      .trimEnd()
      .split("\n")
      .filter((line) => !lines.has(withoutNumbers(line)));
    if (missing.length > 0) throw new Error(`missing: ${missing.join("\n")}`);
    return true;
  });
}

describe.concurrent("the tutorial", () => {
  it("has a file, a command or an output in every block", () => {
    expect([...files.keys()]).toEqual(["shop.mjs", "shop.yaml", "receiver.mjs", "agent.mjs", "agent.yaml"]);
    expect(commands).toHaveLength(8);
    expect(outputs).toHaveLength(6);
  });

  it("shows a service, its forecast and the alert that is only logged", async (context) => {
    const folder = await Folder.open(context);
    folder.create("shop.mjs");
    folder.create("shop.yaml");
    expect(await folder.outputOf(only(commands, "check shop.yaml"))).toBe(only(outputs, "shop.yaml:"));
    const service = folder.start(only(commands, "register shop.mjs"));
    await isShown(service, only(outputs, "p95_seconds_predicted"), () =>
      folder.outputOf(only(commands, "grep latency_p95")),
    );
    await isShown(service, only(outputs, "alert ShopGetsSlow"), () => service.stderr);
  });

  it("shows the alert that is received", async (context) => {
    const folder = await Folder.open(context);
    folder.create("receiver.mjs");
    folder.create("shop.mjs");
    folder.create("shop.yaml", (text) => text.replace("mode: observe", "mode: act"));
    const receiver = folder.start(only(commands, "node receiver.mjs"));
    await receiver.says("Receiver at");
    folder.start(only(commands, "register shop.mjs"));
    await isShown(receiver, only(outputs, "ShopGetsSlow is firing"), () => receiver.stdout);
  });

  it("shows an agent, its forecast and the alert on its budget", async (context) => {
    const folder = await Folder.open(context);
    folder.create("agent.mjs");
    folder.create("agent.yaml");
    const agent = folder.start(only(commands, "register agent.mjs"));
    await agent.says("The agent says: Rain.");
    await isShown(agent, only(outputs, "ai_cloud_tokens_total"), () =>
      folder.outputOf(only(commands, "grep forecaster")),
    );
    await isShown(agent, only(outputs, "alert DailyBudget"), () => agent.stderr);
  });
});
