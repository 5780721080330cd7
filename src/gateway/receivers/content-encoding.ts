import type { Transform } from "node:stream";
import { constants, createGunzip, createInflate, createZstdDecompress } from "node:zlib";

/**
 * The largest window of zstd, 32 MiB: a decoder holds as much of its output in memory. For HTTP it
 * should be 8 MiB (https://www.rfc-editor.org/rfc/rfc9659), but a Collector uses more at its slow levels.
 */
const ZSTD_WINDOW_LOG = 25;
const CHUNK_BYTES = 65_536;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip({ chunkSize: CHUNK_BYTES }),
  "x-gzip": () => createGunzip({ chunkSize: CHUNK_BYTES }),
  deflate: () => createInflate({ chunkSize: CHUNK_BYTES }),
  zstd: () =>
    createZstdDecompress({
      chunkSize: CHUNK_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
    }),
};
/** In the order in which a sender should prefer them. */
export const SUPPORTED_ENCODINGS = "gzip, zstd, deflate, identity";

/** A content encoding that can be decoded, by its name in small letters; `undefined`: it can't. */
export function decoderOf(encoding: string): { readonly create: () => Transform | undefined } | undefined {
  if (encoding === "" || encoding === "identity") return { create: () => undefined };
  return Object.hasOwn(DECODERS, encoding) ? { create: () => DECODERS[encoding]?.() } : undefined;
}
