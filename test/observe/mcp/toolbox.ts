interface ToolResult {
  readonly content: { readonly type: "text"; readonly text: string }[];
  readonly isError?: boolean;
}

interface Registry {
  registerTool(name: string, config: object, run: () => Promise<ToolResult>): unknown;
  registerPrompt(name: string, config: object, get: () => object): unknown;
  registerResource(name: string, uri: string, config: object, read: () => object): unknown;
}

const text = (said: string): ToolResult => ({ content: [{ type: "text", text: said }] });

/** Tools, a prompt and a resource, the same for every server. */
export class Toolbox {
  /** So many calls of `flaky` tell of an error before one does not, so many of `brittle` throw one. */
  failuresLeft = 0;
  /** Called when `hang` is, which never answers. */
  onHang = (): void => {};

  /** Waits until `hang` has been called so many times. */
  async hanging(times = 1): Promise<void> {
    let left = times;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.onHang = () => {
      left -= 1;
      if (left === 0) resolve();
    };
    await promise;
  }

  fill<Server extends object>(server: Server): Server {
    const registry = server as unknown as Registry;
    const described = { description: "for tests" };
    registry.registerTool("echo", described, async () => text("echo"));
    registry.registerTool("flaky", described, async () =>
      this.#fails() ? { ...text("not now"), isError: true } : text("done"),
    );
    registry.registerTool("brittle", described, async () => {
      if (this.#fails()) throw new RangeError("not now");
      return text("done");
    });
    registry.registerTool("hang", described, () => {
      this.onHang();
      return new Promise<ToolResult>(() => {});
    });
    registry.registerPrompt("greet", described, () => ({
      messages: [{ role: "user", content: { type: "text", text: "Say hello." } }],
    }));
    registry.registerResource("memo", "memo://secret", described, () => ({
      contents: [{ uri: "memo://secret", text: "a memo" }],
    }));
    return server;
  }

  #fails(): boolean {
    this.failuresLeft -= 1;
    return this.failuresLeft >= 0;
  }
}
