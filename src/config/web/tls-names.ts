/** Names of Go's `crypto/tls`, which web configuration files use, by the names of OpenSSL. */

/** Suites of TLS 1.3. They are always offered, as in Go. */
const TLS13_SUITES = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
] as const;

const OPENSSL_SUITES = {
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA: "ECDHE-ECDSA-AES128-SHA",
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA: "ECDHE-ECDSA-AES256-SHA",
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA: "ECDHE-RSA-AES128-SHA",
  TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA: "ECDHE-RSA-AES256-SHA",
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: "ECDHE-ECDSA-AES256-GCM-SHA384",
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: "ECDHE-RSA-AES128-GCM-SHA256",
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-RSA-CHACHA20-POLY1305",
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
} as const;

const OPENSSL_CURVES = {
  CurveP256: "prime256v1",
  CurveP384: "secp384r1",
  CurveP521: "secp521r1",
  X25519: "X25519",
} as const;

const VERSIONS = { TLS12: "TLSv1.2", TLS13: "TLSv1.3" } as const;

export const SUITE_NAMES = [...TLS13_SUITES, ...keysOf(OPENSSL_SUITES)];
export const CURVE_NAMES = keysOf(OPENSSL_CURVES);
export const VERSION_NAMES = keysOf(VERSIONS);

/** The list of ciphers for Node. Without those of TLS 1.3 Node would switch that version off. */
export function nodeCiphers(names: readonly (typeof SUITE_NAMES)[number][]): string {
  const ofTls12 = names.flatMap((name) =>
    name in OPENSSL_SUITES ? [OPENSSL_SUITES[name as keyof typeof OPENSSL_SUITES]] : [],
  );
  return [...TLS13_SUITES, ...ofTls12].join(":");
}

export function nodeCurves(names: readonly (keyof typeof OPENSSL_CURVES)[]): string {
  return names.map((name) => OPENSSL_CURVES[name]).join(":");
}

export function nodeVersion(name: keyof typeof VERSIONS): "TLSv1.2" | "TLSv1.3" {
  return VERSIONS[name];
}

function keysOf<Names extends object>(names: Names): (keyof Names)[] {
  return Object.keys(names) as (keyof Names)[];
}
