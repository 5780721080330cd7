/** Methods that give the same whatever the order of the elements is. */
const ASKED = new Set(["every", "get", "has", "includes", "some"]);
const COLLECTIONS = new Set(["Map", "Set"]);
const TYPED = new Set(["TSAsExpression", "TSSatisfiesExpression"]);

/** The array that a value is made of: itself, as a type, or in a `Set` or a `Map`. */
function arrayIn(value) {
  if (value?.type === "ArrayExpression") return value;
  if (TYPED.has(value?.type)) return arrayIn(value.expression);
  const isCollection = value?.type === "NewExpression" && COLLECTIONS.has(value.callee.name);
  return isCollection ? arrayIn(value.arguments[0]) : undefined;
}

/** What a call asks, if its answer does not depend on an order: `X` of `X.includes(y)`. */
function askedBy({ type, callee }) {
  const isAsked = type === "CallExpression" && callee.type === "MemberExpression";
  return isAsked && ASKED.has(callee.property.name) ? callee.object : undefined;
}

/**
 * The arrays whose order makes no difference: those that are only asked what they contain, at their
 * place or by the name of a constant.
 * @param {readonly any[]} nodes of a file
 * @param {ReadonlySet<string>} exported names that other files can use
 */
export function unorderedArrays(nodes, exported) {
  const asked = new Set(nodes.map(askedBy));
  const named = nodes.filter(({ type, id }) => type === "VariableDeclarator" && id.type === "Identifier");
  const onlyAsked = named.filter(({ id }) =>
    nodes.every((it) => it.type !== "Identifier" || it.name !== id.name || it === id || asked.has(it)),
  );
  const values = onlyAsked.filter(({ id }) => !exported.has(id.name)).map(({ init }) => init);
  return new Set([...values, ...asked].map(arrayIn).filter((it) => it !== undefined));
}
