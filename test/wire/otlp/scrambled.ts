import protobuf from "protobufjs";

type Write = () => void;

/**
 * The bytes of a message as no serializer writes them, but as the encoding allows: fields in any
 * order and apart from each other, unknown fields between them, the numbers of a list packed or not.
 *
 * @param random numbers from 0 to 1.
 */
export function scrambled(type: protobuf.Type, message: object, random: () => number): Uint8Array {
  const writer = protobuf.Writer.create();
  const fields = type.fieldsArray.map((field) => writesOf(writer, field.resolve(), message, random));
  for (;;) {
    if (random() < 0.2) writeUnknown(writer, random);
    // Only the values of one list stay in their order.
    const left = fields.filter((writes) => writes.length > 0);
    if (left.length === 0) return writer.finish();
    left[Math.floor(random() * left.length)]?.shift()?.();
  }
}

function writesOf(
  writer: protobuf.Writer,
  field: protobuf.Field,
  message: object,
  random: () => number,
): Write[] {
  if (!Object.hasOwn(message, field.name)) return [];
  const value = (message as Readonly<Record<string, unknown>>)[field.name];
  if (!field.repeated) return [() => writeField(writer, field, value, random)];
  const values = value as readonly unknown[];
  if (field.resolvedType === null && random() < 0.5) return [() => writePacked(writer, field, values)];
  return values.map((each) => () => writeField(writer, field, each, random));
}

function writeField(
  writer: protobuf.Writer,
  field: protobuf.Field,
  value: unknown,
  random: () => number,
): void {
  if (field.resolvedType instanceof protobuf.Type) {
    const bytes = scrambled(field.resolvedType, value as object, random);
    writer.uint32(field.id * 8 + 2).bytes(bytes);
    return;
  }
  const type = field.resolvedType === null ? field.type : "uint32";
  writer.uint32(field.id * 8 + ((protobuf.types.basic as Readonly<Record<string, number>>)[type] ?? 0));
  writeScalar(writer, type, value);
}

function writePacked(writer: protobuf.Writer, field: protobuf.Field, values: readonly unknown[]): void {
  const packed = protobuf.Writer.create();
  for (const value of values) writeScalar(packed, field.type, value);
  writer.uint32(field.id * 8 + 2).bytes(packed.finish());
}

function writeScalar(writer: protobuf.Writer, type: string, value: unknown): void {
  (writer as unknown as Record<string, (value: unknown) => void>)[type]?.(value);
}

function writeUnknown(writer: protobuf.Writer, random: () => number): void {
  const id = 50 + Math.floor(random() * 2000);
  const kind = Math.floor(random() * 5);
  if (kind === 0) writer.uint32(id * 8).uint32(300);
  else if (kind === 1) writer.uint32(id * 8 + 1).double(random());
  else if (kind === 2) writer.uint32(id * 8 + 2).string("unknown");
  else if (kind === 3)
    writer
      .uint32(id * 8 + 3)
      .uint32(8)
      .uint32(1)
      .uint32(id * 8 + 4);
  else writer.uint32(id * 8 + 5).fixed32(7);
}
