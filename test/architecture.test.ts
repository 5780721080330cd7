import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/** A row of the table of rooms in ARCHITECTURE.md. */
interface Room {
  readonly floor: number;
  readonly isPure: boolean;
}

const root = resolve(import.meta.dirname, "..");
const rooms = roomsOf(readFileSync(join(root, "ARCHITECTURE.md"), "utf8"));
/** What the table says beside rooms: folders of a room with a rule of their own. */
const folders = new Set([...rooms.keys()].filter((name) => name.includes("/")));

const files = [...sourceFiles("src"), ...sourceFiles("instrumentation")];
const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** Reads `| `name/` | floor | pure | ... |`. */
function roomsOf(page: string): ReadonlyMap<string, Room> {
  const rows = page.matchAll(/^\| `([\w./-]+?)\/?` \| (\d+) \| (yes|no) \|/gm);
  return new Map(
    Array.from(rows, ([, name, floor, pure]) => [
      name as string,
      { floor: Number(floor), isPure: pure === "yes" },
    ]),
  );
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import|import\()\s*"([^"]+)"/g)].map((match) => match[1] as string);
}

/** The files of ours that a file imports. */
function neighboursOf(file: string): string[] {
  return (imports.get(file) ?? [])
    .filter((name) => name.startsWith("."))
    .map((name) => relative(root, resolve(root, dirname(file), name)));
}

/** `core` of `src/core/sample.ts`; a file that stands in no room is a room of its own. */
function roomOf(file: string): string {
  const [top, inner] = file.split("/") as [string, string];
  return top === "src" ? inner : top;
}

function floorOf(file: string): number {
  return rooms.get(roomOf(file))?.floor ?? Number.NaN;
}

/** Whether the table has the file's room, or the folder of it that it stands in, as pure. */
function isPure(file: string): boolean {
  const folder = dirname(file).replace(/^src\//, "");
  const own = [...folders].find((name) => folder === name || folder.startsWith(`${name}/`));
  return rooms.get(own ?? roomOf(file))?.isPure ?? false;
}

/** Each way round from a file back to itself, found once. */
function cyclesIn(graph: (node: string) => readonly string[], nodes: readonly string[]): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (node: string, path: readonly string[]): void => {
    if (path.includes(node)) cycles.push([...path.slice(path.indexOf(node)), node].join(" -> "));
    if (done.has(node) || path.includes(node)) return;
    for (const next of graph(node)) visit(next, [...path, node]);
    done.add(node);
  };
  for (const node of nodes) visit(node, []);
  return cycles;
}

describe("the rooms of ARCHITECTURE.md", () => {
  it("are those of the source", () => {
    const listed = [...rooms.keys()].filter((name) => !folders.has(name)).toSorted();
    expect(listed).toEqual([...new Set(files.map(roomOf))].toSorted());
    for (const folder of folders)
      expect(
        files.some((file) => file.startsWith(`src/${folder}/`)),
        folder,
      ).toBe(true);
  });

  it("import only from lower floors", () => {
    const wrong = files.flatMap((file) =>
      neighboursOf(file)
        .filter((target) => roomOf(target) !== roomOf(file) && !(floorOf(target) < floorOf(file)))
        .map((target) => `${file} -> ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it("have no import cycle", () => {
    expect(cyclesIn(neighboursOf, files)).toEqual([]);
  });

  it("have no two folders that import each other, unless one is in the other", () => {
    const folderEdges = new Set(
      files.flatMap((file) => neighboursOf(file).map((target) => `${dirname(file)} -> ${dirname(target)}`)),
    );
    const bothWays = [...folderEdges].filter((edge) => {
      const [from, to] = edge.split(" -> ") as [string, string];
      const isInside = from === to || from.startsWith(`${to}/`) || to.startsWith(`${from}/`);
      return !isInside && folderEdges.has(`${to} -> ${from}`);
    });
    expect(bothWays).toEqual([]);
  });

  it("are small: at most four files stand outside of rooms, and no room holds over 15 % of the lines", () => {
    const loose = files.filter((file) => dirname(file) === "src");
    expect(loose.length).toBeLessThanOrEqual(4);
    const lines = new Map<string, number>();
    let all = 0;
    for (const file of files) {
      const count = readFileSync(join(root, file), "utf8").split("\n").length - 1;
      lines.set(roomOf(file), (lines.get(roomOf(file)) ?? 0) + count);
      all += count;
    }
    expect([...lines].filter(([, count]) => count > 0.15 * all)).toEqual([]);
  });
});

describe("the environment", () => {
  /** Everybody else is handed values, or the variables to hand on to child processes. */
  const readers = ["instrumentation/register.ts", "src/config/environment.ts"];

  it("is read in one file, and before anything is loaded", () => {
    const found = files.filter((file) =>
      /process\.env\b|\bget(String|StringList|Boolean|Number)FromEnv\b/.test(
        readFileSync(join(root, file), "utf8"),
      ),
    );
    expect(found.toSorted()).toEqual(readers);
  });
});

describe("the pure rooms", () => {
  it("import neither Node's modules nor OpenTelemetry", () => {
    const foreign = files
      .filter(isPure)
      .flatMap((file) =>
        (imports.get(file) ?? [])
          .filter((name) => name.startsWith("node:") || name.startsWith("@opentelemetry/"))
          .map((name) => `${file} -> ${name}`),
      );
    expect(foreign).toEqual([]);
  });

  it("import only from pure rooms", () => {
    const impure = files.filter(isPure).flatMap((file) =>
      neighboursOf(file)
        .filter((target) => !isPure(target))
        .map((target) => `${file} -> ${target}`),
    );
    expect(impure).toEqual([]);
  });

  it("read no clock, no randomness and nothing of the process", () => {
    const impure = files
      .filter(isPure)
      .filter((file) =>
        /Date\.now|new Date\(\)|performance\.now|Math\.random|\bprocess\./.test(
          readFileSync(join(root, file), "utf8"),
        ),
      );
    expect(impure).toEqual([]);
  });
});
