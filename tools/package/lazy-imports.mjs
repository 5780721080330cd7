import { isBuiltin } from "node:module";
import { OPTIONAL, REQUIRE_OPTIONAL } from "./optional-package.mjs";

/**
 * Modules of Node that take milliseconds to load and are not needed before the application runs,
 * and a package that may be missing. Each is loaded at its first use.
 */
const LAZY = [
  "child_process",
  "crypto",
  "fs/promises",
  "http",
  "net",
  "stream",
  "stream/promises",
  "v8",
  "zlib",
  OPTIONAL,
];

const HELPERS = `
var lazily = (load) => {
  let loaded;
  const get = () => (loaded ??= load());
  return new Proxy({}, { get: (_, key) => (key === "default" ? get() : get()[key]) });
};
var asNamespace = (builtin) => Object.create(builtin, { default: { value: builtin } });
`;

/** Defers the loading of these imports in bundled code. */
export function withLazyImports() {
  return {
    name: "lazy-imports",
    renderChunk(code) {
      const lazy = [];
      const eager = [];
      const declared = code.replace(
        /\blet ([\w$]+) = require\("(?:node:)?([@\w/-]+)"\);/g,
        (given, variable, name) => {
          if (LAZY.includes(name)) {
            lazy.push(variable);
            const required = name === OPTIONAL ? REQUIRE_OPTIONAL : `require("${name}")`;
            return `let ${variable} = lazily(() => ${required});`;
          }
          if (isBuiltin(name)) eager.push(variable);
          return given;
        },
      );
      if (lazy.length + eager.length === 0) return null;
      // The bundler would copy the namespace name by name, which takes time and loads the module at
      // once.
      const copied = /^([\w$]+) = [\w.]+\(\1(?:, 1)?\);$/gm;
      const deferred = declared.replace(copied, (given, variable) => {
        if (lazy.includes(variable)) return "";
        return eager.includes(variable) ? `${variable} = asNamespace(${variable});` : given;
      });
      return deferred.startsWith("#!") ? deferred.replace("\n", `\n${HELPERS}`) : HELPERS + deferred;
    },
  };
}
