const FIELD = /\{\{([^{}]*)\}\}/g;

/** The names of the fields in a template (`{{ agent }}`), each once, in order. */
export function fieldsOf(template: string): string[] {
  return [...new Set(Array.from(template.matchAll(FIELD), ([, name]) => (name as string).trim()))];
}

/** The start of a field whose braces are not closed, such as `{{agent}`. */
export function unclosedField(template: string): string | undefined {
  return /\{\{.{0,30}/s.exec(template.replace(FIELD, ""))?.[0];
}

/** The text of a template with the values of its fields. A field without a value becomes empty. */
export function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(FIELD, (_, written: string) => {
    const name = written.trim();
    return Object.hasOwn(values, name) ? (values[name] ?? "") : "";
  });
}
