import type { Transform } from "node:stream";
import { constants, createGunzip, createInflate, createZstdDecompress } from "node:zlib";

/**
 * The largest window of zstd, 8 MiB: a decoder holds it in memory. Encoders for HTTP must not use a
 * larger one (https://www.rfc-editor.org/rfc/rfc9659).
 */
const ZSTD_WINDOW_LOG = 23;
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
