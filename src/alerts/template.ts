const FIELD = /\{\{([^{}]*)\}\}/g;

/** The names of the fields in a template (`{{ agent }}`), each once, in order. */
export function fieldsOf(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(FIELD), ([, name]) => (name as string).trim()))];
}

/** The text of a template with the values of its fields. A field without a value becomes empty. */
export function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(FIELD, (_, written: string) => {
    const name = written.trim();
    return Object.hasOwn(values, name) ? (values[name] ?? "") : "";
  });
}
