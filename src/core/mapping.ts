import * as v from "valibot";

/** A mapping with the given keys alone. The library's own takes a list for one. */
export function mappingOf<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, undefined> {
  const schema = v.strictObject(entries);
  return checkedBy(schema, (dataset, config) => schema["~run"](dataset, config));
}

/**
 * A mapping with keys of any names. The library's own takes a list for one, and leaves out keys such as
 * `constructor` without a word.
 */
export function mapping<
  const Key extends v.GenericSchema<string, string>,
  const Value extends v.GenericSchema,
>(key: Key, value: Value): v.RecordSchema<Key, Value, undefined> {
  const entries = v.map(key, value);
  return checkedBy(v.record(key, value), (dataset, config) => {
    const given = new Map(Object.entries(dataset.value as object));
    const read = entries["~run"]({ value: given }, config);
    return Object.assign(read, { value: Object.fromEntries(read.value as Map<string, unknown>) });
  });
}

type Run = v.GenericSchema["~run"];

/** The same schema, which refuses what is no mapping and is run otherwise on what is one. */
function checkedBy<Schema extends v.GenericSchema>(schema: Schema, run: Run): Schema {
  const checked: Run = (dataset, config) => {
    const { value } = dataset;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return run(dataset, config);
    v._addIssue(schema, "type", dataset, config);
    return dataset as never;
  };
  return v._standardSchema({ ...schema, "~run": checked });
}
