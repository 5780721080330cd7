import { describe, expect, it } from "vitest";
import { ConfigWatch } from "../../src/gateway/config-watch.ts";

function watch(read: () => Promise<string>) {
  const changes = { count: 0 };
  let seen = "a";
  const reload = async (): Promise<void> => {
    seen = await read();
  };
  const watched = new ConfigWatch({
    seen: () => seen,
    read,
    changed: async () => {
      changes.count += 1;
      await reload();
    },
  });
  return { watched, changes, reload };
}

describe("a watch of a configuration file", () => {
  it("tells of each new content once", async () => {
    let content = "a";
    const { watched, changes } = watch(async () => content);
    await watched.look();
    expect(changes.count).toBe(0);
    content = "b";
    await watched.look();
    await watched.look();
    expect(changes.count).toBe(1);
    content = "a";
    await watched.look();
    expect(changes.count).toBe(2);
  });

  it("notices that a content has gone again that only others have read", async () => {
    let content = "b";
    const { watched, changes, reload } = watch(async () => content);
    await reload();
    content = "a";
    await watched.look();
    expect(changes.count).toBe(1);
  });

  it("waits for a file that is just being replaced", async () => {
    let isThere = false;
    const { watched, changes } = watch(async () => {
      if (!isThere) throw new Error("ENOENT");
      return "b";
    });
    await watched.look();
    expect(changes.count).toBe(0);
    isThere = true;
    await watched.look();
    expect(changes.count).toBe(1);
  });
});
