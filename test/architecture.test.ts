import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const floors: Record<string, number> = {
  "src/core": 0,
  "src/math": 1,
  "src/series": 2,
  "src/statistics": 2,
  "src/forecast": 3,
  "src/insight": 4,
  "src/agents": 4,
  "src/system": 5,
  "src/telemetry": 5,
  "src/pipeline": 6,
  "src/artifacts": 7,
  "src/commands": 8,
  src: 9,
  instrumentation: 10,
};

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function roomOf(file: string): string {
  const parts = dirname(file).split("/");
  return parts[0] === "src" && parts.length > 1 ? `src/${parts[1]}` : (parts[0] as string);
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import|import\()\s*"([^"]+)"/g)].map((match) => match[1] as string);
}

const files = [...sourceFiles("src"), ...sourceFiles("instrumentation")];

describe("the floors", () => {
  it("has a floor for every folder", () => {
    expect([...new Set(files.map(roomOf))].filter((room) => floors[room] === undefined)).toEqual([]);
  });

  it("imports only from floors below, never sideways between folders", () => {
    const wrong: string[] = [];
    for (const file of files) {
      for (const target of importsOf(file).filter((name) => name.startsWith("."))) {
        const from = roomOf(file);
        const to = roomOf(relative(root, resolve(root, dirname(file), target)));
        if (from !== to && (floors[to] as number) >= (floors[from] as number))
          wrong.push(`${file} -> ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("keeps node and OpenTelemetry out of the floors below 5", () => {
    const low = files.filter((file) => (floors[roomOf(file)] as number) < 5);
    const foreign = low.flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith("node:") || name.startsWith("@opentelemetry/"))
        .map((name) => `${file} -> ${name}`),
    );
    expect(foreign).toEqual([]);
  });

  it("reads no clock and no randomness below floor 5", () => {
    const low = files.filter((file) => (floors[roomOf(file)] as number) < 5);
    const impure = low.filter((file) =>
      /Date\.now|new Date\(\)|performance\.now|Math\.random|process\./.test(
        readFileSync(join(root, file), "utf8"),
      ),
    );
    expect(impure).toEqual([]);
  });

  it("has no import cycle", () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((name) => name.startsWith("."))
          .map((name) => relative(root, resolve(root, dirname(file), name))),
      ]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
