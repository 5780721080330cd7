import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { nodesOf, parsed } from "./operators.mjs";

const CODE = /\.(?:ts|mts|cts|mjs|cjs)$/;

function isTypesOnly(node) {
  return node.importKind === "type" || node.exportKind === "type";
}

/** The texts in a file that may name another file. What is imported as types only is never loaded. */
function textsOf(file) {
  const types = new Set();
  const texts = [];
  for (const node of nodesOf(parsed(file, readFileSync(file, "utf8")))) {
    if (isTypesOnly(node) && node.source) types.add(node.source);
    else if (node.type === "Literal" && typeof node.value === "string" && !types.has(node)) {
      texts.push(node.value);
    }
  }
  return texts.filter((text) => CODE.test(text));
}

/**
 * The files that a file loads: its imports, and the programs that it starts, named by a text that is
 * a path from its folder or from the root.
 */
function neighboursOf(root, file) {
  const from = [dirname(join(root, file)), root];
  return textsOf(join(root, file)).flatMap((text) =>
    from
      .map((folder) => resolve(folder, text))
      .filter((path) => existsSync(path) && statSync(path).isFile())
      .map((path) => relative(root, path)),
  );
}

/** For each file, the files that load it. */
function loadersOf(root, files) {
  const loaders = new Map();
  for (const file of files.filter((it) => CODE.test(it))) {
    for (const neighbour of neighboursOf(root, file)) {
      loaders.set(neighbour, [...(loaders.get(neighbour) ?? []), file]);
    }
  }
  return loaders;
}

/** `test/till/change.test.ts` of `src/till/change.ts`. */
function ownTestOf(file) {
  return file.replace(/^src\//, "test/").replace(/\.ts$/, ".test.ts");
}

/** 0 for the test of the file itself, 1 for tests of its folder, 2 for those of its room, else 3. */
function distance(file, test) {
  const own = ownTestOf(file);
  if (test === own) return 0;
  if (dirname(test) === dirname(own)) return 1;
  return test.split("/")[1] === own.split("/")[1] ? 2 : 3;
}

/**
 * Finds the tests that load a file, directly or through others: those of its folder first, then those
 * of its room; among these, those with the fewest files between. The own test of a file is as near as
 * that file.
 * @param {string} root
 * @param {string[]} files all files of the project, relative to its root
 * @param {string[]} tests the test files among them that can be run
 * @returns {(file: string) => string[]}
 */
export function relatedTests(root, files, tests) {
  const isTest = new Set(tests);
  const loaders = loadersOf(root, files);
  return (file) => {
    const reached = new Set([file]);
    for (const it of reached) for (const loader of loaders.get(it) ?? []) reached.add(loader);
    const nearestFirst = new Set([...reached].flatMap((it) => [it, ownTestOf(it)]));
    return [...nearestFirst]
      .filter((it) => isTest.has(it) && reached.has(it))
      .sort((one, other) => distance(file, one) - distance(file, other));
  };
}
