import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { BACKSTOP_MILLIS } from "../../harness/patience.ts";
import { GivenUp, type Patience, waitFor } from "./wait-for.ts";

/**
 * The root of the package. Children start there, so that `otel-forecast` resolves to the package
 * itself.
 */
export const packageRoot = resolve(import.meta.dirname, "../../..");

export interface ChildOptions {
  /** Variables beside `PATH` and `HOME`: a child inherits no other variable of the test runner. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether the child reads lines from its standard input. */
  readonly listens?: boolean;
  /** Whether it starts child processes, which end with it. */
  readonly leads?: boolean;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that a test started. Its output is kept. */
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
    // When the test runner is interrupted, all of its children end.
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

  /** What the child wrote to standard output and standard error. */
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

  /** Writes a line to the standard input of the child. */
  tell(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Waits for an effect of the child. Fails when the child ends before. */
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

  /** Waits for the end of the child, and returns how it ended. Fails when it does not end. */
  async ends(timeoutMillis = BACKSTOP_MILLIS): Promise<Exit> {
    return waitFor(`the end of ${this.name}`, () => this.#ended, { timeoutMillis, everyMillis: 20 });
  }

  /**
   * Asks the child to end, and kills it when it does not.
   *
   * @param graceMillis after which time it is killed. Absent: every child must end.
   */
  async stop(graceMillis?: number): Promise<void> {
    if (this.#ended !== undefined) return;
    let isKilled = false;
    this.kill("SIGTERM");
    const timer = setTimeout(() => {
      isKilled = true;
      this.kill("SIGKILL");
    }, graceMillis ?? BACKSTOP_MILLIS);
    await this.exit;
    clearTimeout(timer);
    if (isKilled && graceMillis === undefined) throw new Error(`${this.name} did not end at SIGTERM`);
  }
}
