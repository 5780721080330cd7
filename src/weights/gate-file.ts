import { createHash } from "node:crypto";
import type { GateWeights } from "../forecast/gate/gate-net.ts";
import type { Layer } from "../forecast/gate/layer.ts";

/** The only format that this version reads. */
const FORMAT = 1;

/** Where one layer is among the bytes: 8-bit weights by row, the scale of each row, the constants. */
interface StoredLayer {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly weights: number;
  readonly scales: number;
  readonly biases: number;
}

/** What a file of weights holds. Offsets are in bytes. */
export interface GateFile {
  readonly format: number;
  /** What the weights belong to; see `memberHash`. */
  readonly memberHash: string;
  readonly globalInputs: number;
  readonly rowInputs: number;
  readonly layers: readonly StoredLayer[];
  readonly inputMean: number;
  readonly inputScale: number;
  /** Of the bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** The bytes, in Base64; numbers of more than one byte are little endian. */
  readonly data: string;
}

/**
 * The weights in a file.
 *
 * @throws Error that says what is wrong with it.
 */
export function weightsIn(file: GateFile, expectedHash: string): GateWeights {
  if (file.format !== FORMAT) throw new Error(`their format is ${file.format}: expected ${FORMAT}`);
  if (file.memberHash !== expectedHash)
    throw new Error(`they belong to methods ${file.memberHash}: expected ${expectedHash}`);
  const bytes = Uint8Array.from(Buffer.from(file.data, "base64"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== file.sha256) throw new Error(`their SHA-256 is ${sha256}: expected ${file.sha256}`);
  const layer = (name: string): Layer => {
    const stored = file.layers.find((one) => one.name === name);
    if (stored === undefined) throw new Error(`they have no layer "${name}"`);
    return layerOf(stored, bytes);
  };
  const inputs = file.globalInputs + file.rowInputs;
  return {
    first: layer("first"),
    second: layer("second"),
    head: layer("head"),
    output: layer("output"),
    inputMean: floatsAt(bytes, file.inputMean, inputs),
    inputScale: floatsAt(bytes, file.inputScale, inputs),
  };
}

function layerOf({ rows, columns, ...offsets }: StoredLayer, bytes: Uint8Array): Layer {
  const scales = floatsAt(bytes, offsets.scales, rows);
  const stored = new Int8Array(bytes.buffer, offsets.weights, rows * columns);
  const weights = Float32Array.from(
    stored,
    (weight, index) => weight * (scales[Math.floor(index / columns)] as number),
  );
  return { rows, columns, weights, biases: floatsAt(bytes, offsets.biases, rows) };
}

function floatsAt(bytes: Uint8Array, offset: number, count: number): Float32Array {
  const view = new DataView(bytes.buffer, offset, count * Float32Array.BYTES_PER_ELEMENT);
  return Float32Array.from({ length: count }, (_, index) => view.getFloat32(4 * index, true));
}
