/** Which tools the agents of frameworks have under way now, by name. */
export class OpenTools {
  readonly #open = new Map<string, number>();

  /** The function that comes back closes it, once. */
  opened(toolName: string): () => void {
    this.#open.set(toolName, (this.#open.get(toolName) ?? 0) + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = (this.#open.get(toolName) ?? 0) - 1;
      if (left > 0) this.#open.set(toolName, left);
      else this.#open.delete(toolName);
    };
  }

  /** Also under a name that an adapter has put something in front of: `files__read` for `read`. */
  has(toolName: string): boolean {
    if (this.#open.has(toolName)) return true;
    for (const name of this.#open.keys()) if (name.endsWith(`_${toolName}`)) return true;
    return false;
  }
}
