import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { BACKSTOP_MILLIS } from "../../harness/patience.ts";
import { GivenUp, type Patience, waitFor } from "./wait-for.ts";

/** Root of the package: children start there, so that `otel-forecast` names the package itself. */
export const packageRoot = resolve(import.meta.dirname, "../../..");

export interface ChildOptions {
  /** Variables beyond `PATH` and `HOME`: a child inherits none of those of the test runner. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether the child can be told something on its standard input. */
  readonly listens?: boolean;
  /** Whether it starts processes of its own, which are ended with it. */
  readonly leads?: boolean;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that a test started: its output is kept, and it is ended by its handle. */
export class Child {
  readonly name: string;
  readonly exit: Promise<Exit>;
  stdout = "";
  stderr = "";
  readonly #process: ChildProcess;
  readonly #leads: boolean;
  #ended: Exit | undefined;

  constructor(name: string, command: string, args: readonly string[], options: ChildOptions = {}) {
    const { env = {}, cwd, listens = false, leads = false } = options;
    this.name = name;
    this.#leads = leads;
    this.#process = spawn(command, args, {
      cwd: cwd ?? packageRoot,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      detached: leads,
      stdio: [listens ? "pipe" : "ignore", "pipe", "pipe"],
    });
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.#process.stdin?.on("error", () => {});
    // Where the test runner itself is interrupted, nothing that it started lives on.
    const endWithRunner = () => this.kill("SIGKILL");
    process.once("exit", endWithRunner);
    this.exit = new Promise((done) => {
      const end = (exit: Exit) => {
        process.off("exit", endWithRunner);
        this.#ended = exit;
        done(exit);
      };
      this.#process.once("close", (code, signal) => end({ code, signal }));
      this.#process.once("error", (error) => {
        this.stderr += String(error);
        end({ code: null, signal: null });
      });
    });
  }

  /** What the child wrote to both streams. */
  get output(): string {
    return this.stdout + this.stderr;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  kill(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (!this.#leads || pid === undefined) this.#process.kill(signal);
    else if (this.#ended === undefined) process.kill(-pid, signal);
  }

  /** Says a line to a child that listens. */
  tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Waits for something that the child is to bring about, and no longer than it lives. */
  waitFor<Value>(
    awaited: string,
    probe: () => Promise<Value | undefined> | Value | undefined,
    patience?: Patience,
  ): Promise<Value> {
    return waitFor(
      `${awaited} (${this.name})`,
      () => {
        if (this.#ended !== undefined) {
          throw new GivenUp(
            `${this.name} ended with ${JSON.stringify(this.#ended)} before ${awaited}; it wrote:\n${this.output}`,
          );
        }
        return probe();
      },
      patience,
    );
  }

  /** Waits until the child has written `text` to its standard output. */
  async says(text: string, patience?: Patience): Promise<void> {
    await this.waitFor(`"${text}" on its output`, () => this.stdout.includes(text) || undefined, patience);
  }

  /** How the child ended; fails when it lives on. */
  async ends(timeoutMillis = BACKSTOP_MILLIS): Promise<Exit> {
    return waitFor(`the end of ${this.name}`, () => this.#ended, { timeoutMillis, everyMillis: 20 });
  }

  /** Asks the child to end, and ends it for good when it does not. */
  async stop(graceMillis = BACKSTOP_MILLIS): Promise<void> {
    if (this.#ended !== undefined) return;
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), graceMillis);
    await this.exit;
    clearTimeout(timer);
  }
}
