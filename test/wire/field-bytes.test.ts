import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FieldBytes } from "../../src/wire/field-bytes.ts";
import { tagOf, WIRE } from "../../src/wire/protobuf-fields.ts";
import { ProtobufReader } from "../../src/wire/protobuf-reader.ts";
import { bytesOf, textField } from "./remote/bytes-of.ts";

const WANTED = 1;
const OTHER = 2;
const TAG = tagOf(WANTED, WIRE.bytes);

/** The wanted fields of a message, in their order. */
function fieldsOf(hex: string): FieldBytes {
  const fields = new FieldBytes(new ProtobufReader(bytesOf(hex)));
  fields.addAll(TAG);
  return fields;
}

function textsOf(reader: ProtobufReader): string[] {
  const texts: string[] = [];
  while (reader.hasMore) {
    expect(reader.tag()).toBe(TAG);
    texts.push(reader.text());
  }
  return texts;
}

describe("the bytes of the fields of one kind", () => {
  const text = fc.string({ maxLength: 8 });
  const message = fc.array(fc.tuple(fc.constantFrom(WANTED, OTHER), text), { maxLength: 8 });

  it("are those of these fields alone, whatever is between them", () => {
    fc.assert(
      fc.property(message, (parts) => {
        const wanted = parts.filter(([kind]) => kind === WANTED);
        const hex = (fields: typeof parts) => fields.map(([kind, value]) => textField(kind, value)).join("");
        const mixed = hex(parts);
        const alone = hex(wanted);
        expect(fieldsOf(mixed).count).toBe(wanted.length);
        expect(fieldsOf(mixed).length).toBe(alone.length / 2);
        expect(fieldsOf(mixed).key()).toBe(fieldsOf(alone).key());
        expect(textsOf(fieldsOf(mixed).reader())).toEqual(wanted.map(([, value]) => value));
      }),
    );
  });

  it("are none after they were cleared", () => {
    const fields = fieldsOf(textField(WANTED, "a") + textField(OTHER, "b") + textField(WANTED, "c"));
    expect(fields.count).toBe(2);
    fields.clear();
    expect([fields.count, fields.length, fields.key(), textsOf(fields.reader())]).toEqual([0, 0, "", []]);
  });
});
