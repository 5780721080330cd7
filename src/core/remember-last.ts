/**
 * A function that computes a result once for as long as it is asked for the same text. Its results are shared, so
 * no one may change them.
 */
export function rememberLast<Result>(compute: (text: string) => Result): (text: string) => Result {
  let last: { readonly text: string; readonly result: Result } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, result: compute(text) };
    return last.result;
  };
}
