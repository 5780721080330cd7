import { crc32 } from "node:zlib";
import { expect, it } from "vitest";
import { endLine, headerLine, lineOf, readLine } from "../../../src/run/history/record-lines.ts";

it("a line is the checksum in eight digits and the record: later versions read it", () => {
  const header = '["header",{"format":"otel-forecast history","version":2,"sequence":7}]';
  expect(headerLine(7).toString()).toBe(`${crc32(header).toString(16).padStart(8, "0")} ${header}\n`);
  const lines = Array.from({ length: 40 }, (_, records) => endLine(records).toString());
  expect(lines.some((line) => line.startsWith("0"))).toBe(true);
  for (const line of lines) expect(line).toMatch(/^[0-9a-f]{8} \["end",\d+\]\n$/);
});

it("a line is read as it was written, and is broken if anything of it differs", () => {
  const line = lineOf({ kind: "series", value: { values: [1, null] } }).subarray(0, -1);
  expect(readLine(line)).toEqual({
    state: "record",
    record: { kind: "series", value: { values: [1, null] } },
  });
  expect(readLine(headerLine(7).subarray(0, -1))).toMatchObject({ state: "header", header: { sequence: 7 } });
  expect(readLine(endLine(3).subarray(0, -1))).toEqual({ state: "end", records: 3 });
  for (let place = 0; place < line.length; place += 1) {
    const changed = Buffer.from(line);
    changed.writeUInt8(line.readUInt8(place) ^ 1, place);
    expect(readLine(changed)).toEqual({ state: "broken" });
  }
});

it("a header is broken if a part of it is missing or something else", () => {
  const header = { format: "otel-forecast history", version: 2, sequence: 7 };
  const stateOf = (value: unknown) => readLine(lineOf({ kind: "header", value }).subarray(0, -1)).state;
  expect(stateOf(header)).toBe("header");
  for (const name of ["format", "version", "sequence"]) {
    expect(stateOf({ ...header, [name]: undefined })).toBe("broken");
    expect(stateOf({ ...header, [name]: 1.5 })).toBe("broken");
  }
  for (const value of [null, "text", [header], 7]) expect(stateOf(value)).toBe("broken");
});
