/**
 * Puts another method in the place of one that somebody else's object has or inherits.
 *
 * @returns a function that puts things back, unless somebody has replaced ours since.
 */
export function replaceMethod<Key extends PropertyKey, Method>(
  target: Partial<Record<Key, Method>>,
  key: Key,
  around: (before: Method | undefined) => Method,
): () => void {
  const before = target[key];
  const isInherited = !Object.hasOwn(target, key);
  const ours = around(before);
  target[key] = ours as (typeof target)[Key];
  return () => {
    if (target[key] !== ours) return;
    // A property that is set through the prototype never became the object's own.
    if (isInherited && Object.hasOwn(target, key)) delete target[key];
    else target[key] = before as (typeof target)[Key];
  };
}
