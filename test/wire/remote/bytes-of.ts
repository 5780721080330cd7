/** The bytes of hexadecimal digits. Spaces between them are left out. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** A field whose content has a length below 128. */
export function field(number: number, content: string): string {
  const bytes = bytesOf(content).length;
  return [(number << 3) | 2, bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("") + content;
}

export function textField(number: number, text: string): string {
  return field(number, hexOf(Buffer.from(text)));
}

/** The bytes with some bits changed: what a broken sender may send. */
export function withFlippedBits(bytes: Uint8Array, bits: readonly number[]): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (const bit of bits) {
    const at = Math.floor(bit / 8) % Math.max(1, changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
  }
  return changed;
}
