/**
 * Replaces a method of an object of the application, which has or inherits it.
 *
 * @returns a function that puts the old method back, unless somebody has replaced ours since.
 */
export function replaceMethod<Key extends PropertyKey, Replaced>(
  target: Partial<Record<Key, Replaced>>,
  key: Key,
  around: (before: Replaced | undefined) => Replaced,
): () => void {
  const before = target[key];
  const isInherited = !Object.hasOwn(target, key);
  const ours = around(before);
  target[key] = ours as (typeof target)[Key];
  return () => {
    if (target[key] !== ours) return;
    // A setter of the prototype keeps the value elsewhere: then the object has no property of its
    // own.
    if (isInherited && Object.hasOwn(target, key)) delete target[key];
    else target[key] = before as (typeof target)[Key];
  };
}
