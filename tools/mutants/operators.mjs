import { parseSync } from "rolldown/utils";
import { unorderedArrays } from "./unordered.mjs";

/**
 * A change of a source text that a test should notice.
 * @typedef {{operator: string, start: number, end: number, replacement: string}} Mutation
 */

/** Opposites, and neighbours at a bound. */
const COMPARISONS = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "==": ["!="],
  "!=": ["=="],
};
const ARITHMETIC = { "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "**": "*" };
const ASSIGNMENTS = { "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=" };
const LOGIC = { "&&": "||", "||": "&&" };
/** Functions that give the same for arguments in any order. */
const COMMUTATIVE = new Set(["Math.imul", "Math.max", "Math.min"]);
/** Nodes whose parts are types only. The value in `x as T`, `x satisfies T` and `x!` is a part too. */
const VALUES_WITH_TYPES = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);
const PARTS_OF_TYPES = new Set(["typeAnnotation", "typeArguments", "typeParameters", "returnType"]);

/** @type {Record<string, (node: any, text: string) => Mutation[]>} */
const operatorsOf = {
  BinaryExpression: binary,
  LogicalExpression: (node, text) => operatorOf(node, text, "logic", LOGIC[node.operator]),
  AssignmentExpression: (node, text) => operatorOf(node, text, "arithmetic", ASSIGNMENTS[node.operator]),
  UpdateExpression: ({ start, end, operator, prefix }) => {
    const at = prefix ? start : end - 2;
    return [mutation("arithmetic", at, at + 2, operator === "++" ? "--" : "++")];
  },
  UnaryExpression: ({ start, operator }) =>
    operator === "!" ? [mutation("negation", start, start + 1, "")] : [],
  IfStatement: negatedTest,
  ConditionalExpression: negatedTest,
  Literal: constant,
  CallExpression: ({ callee, arguments: parts }, text) =>
    COMMUTATIVE.has(text.slice(callee.start, callee.end)) ? [] : swapped(parts, text),
  NewExpression: (node, text) => swapped(node.arguments, text),
  ArrayExpression: (node, text) => swapped(node.elements, text),
  ExpressionStatement: deletedCall,
  FunctionDeclaration: earlyReturn,
  FunctionExpression: earlyReturn,
  ArrowFunctionExpression: earlyReturn,
};

/** @returns {Mutation} */
function mutation(operator, start, end, replacement) {
  return { operator, start, end, replacement };
}

/** Replaces the operator between two operands, which is the last such text before the right one. */
function operatorOf({ left, right, operator }, text, name, replacement) {
  if (replacement === undefined) return [];
  const start = left.end + text.slice(left.end, right.start).lastIndexOf(operator);
  return [mutation(name, start, start + operator.length, replacement)];
}

function isText(node) {
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");
}

function binary(node, text) {
  const { left, right, operator } = node;
  if (operator === "+" && (isText(left) || isText(right))) return [];
  return [
    ...operatorOf(node, text, "arithmetic", ARITHMETIC[operator]),
    ...(COMPARISONS[operator] ?? []).flatMap((other) => operatorOf(node, text, "comparison", other)),
  ];
}

function negatedTest({ test }, text) {
  if (test.type === "UnaryExpression" && test.operator === "!") return [];
  return [mutation("negation", test.start, test.end, `!(${text.slice(test.start, test.end)})`)];
}

/** A number that is a tenth off, or 1 for 0 and 0 for 1; the other truth value. */
function constant({ value, start, end }) {
  if (typeof value === "boolean") return [mutation("constant", start, end, String(!value))];
  if (typeof value !== "number") return [];
  const others = value === 0 ? [1] : value === 1 ? [0] : [tenthOff(value, 1), tenthOff(value, -1)];
  return others.map((other) => mutation("constant", start, end, String(other)));
}

/** At least one off where the number is an integer, so that it stays one. */
function tenthOff(value, sign) {
  if (!Number.isInteger(value)) return Number((value * (1 + sign / 10)).toPrecision(12));
  return value + sign * Math.max(1, Math.round(Math.abs(value) / 10));
}

function swapped(parts, text) {
  return parts.slice(1).flatMap((right, i) => {
    const left = parts[i];
    const spread = [left, right].some((it) => it === null || it.type === "SpreadElement");
    if (spread) return [];
    const [first, second] = [left, right].map((it) => text.slice(it.start, it.end));
    if (first === second) return [];
    const between = text.slice(left.end, right.start);
    return [mutation("arguments swapped", left.start, right.end, `${second}${between}${first}`)];
  });
}

function deletedCall({ expression, start, end }) {
  const inner = ["AwaitExpression", "UnaryExpression"].includes(expression.type)
    ? expression.argument
    : expression;
  const call = inner.type === "ChainExpression" ? inner.expression : inner;
  if (call.type !== "CallExpression" || call.callee.type === "Super") return [];
  return [mutation("call deleted", start, end, ";")];
}

function earlyReturn({ body }, text) {
  if (body?.type !== "BlockStatement" || body.body.length === 0) return [];
  // A constructor that returns before `super` throws: any test would notice.
  if (/^\s*super\(/.test(text.slice(body.start + 1))) return [];
  return [mutation("return early", body.start + 1, body.start + 1, " return;")];
}

function* partsOf(node) {
  for (const [name, part] of Object.entries(node)) {
    if (PARTS_OF_TYPES.has(name)) continue;
    for (const it of Array.isArray(part) ? part : [part]) {
      if (typeof it?.type === "string") yield it;
    }
  }
}

/** @returns {Generator<any>} */
export function* nodesOf(node) {
  if (node.type.startsWith("TS") && !VALUES_WITH_TYPES.has(node.type)) return;
  yield node;
  for (const part of partsOf(node)) yield* nodesOf(part);
}

/** @returns {import("rolldown/utils").ParseResult["program"]} */
export function parsed(file, text) {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return program;
}

export function mutatedText(text, { start, end, replacement }) {
  return text.slice(0, start) + replacement + text.slice(end);
}

function exportedNames(nodes) {
  const declared = nodes.filter(({ type }) => type === "ExportNamedDeclaration");
  return new Set(
    declared.flatMap(({ declaration, specifiers }) => [
      ...(declaration?.declarations ?? []).map(({ id }) => id.name),
      ...specifiers.map(({ local }) => local.name),
    ]),
  );
}

/** Whether a changed text is code. Each look costs memory that is freed late, so only a sample is looked at. */
export function isCode(mutant) {
  return parseSync(mutant.file, mutatedText(mutant.text, mutant)).errors.length === 0;
}

/**
 * All changes that the eight operators make of a file. A few of them aren't code.
 * @returns {Mutation[]}
 */
export function mutationsOf(file, text) {
  const nodes = [...nodesOf(parsed(file, text))];
  const unordered = unorderedArrays(nodes, exportedNames(nodes));
  return nodes
    .filter((node) => !unordered.has(node))
    .flatMap((node) => operatorsOf[node.type]?.(node, text) ?? []);
}
