/** Identifies a set of attributes, whatever their order. */
export function attributesKey(attributes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1)));
}
