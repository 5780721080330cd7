import type { TlsOptions } from "node:tls";

/** What a web configuration file asks of a port: encryption, logins, headers and a limit of requests. */
export interface WebConfig {
  /** `undefined`: plain HTTP. */
  readonly tls: WebTls | undefined;
  /** The bcrypt hash of the password of each user. Empty: no login is needed. */
  readonly users: ReadonlyMap<string, string>;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly rateLimit: RateLimit | undefined;
}

/** A limit of requests: one each interval, and `burst` at once after a pause. */
export interface RateLimit {
  readonly intervalMillis: number;
  readonly burst: number;
}

/** How connections are encrypted, and which clients may connect. */
export interface WebTls {
  /** Certificate, key, authorities, versions and ciphers. */
  readonly options: TlsOptions;
  readonly clientAuth: ClientAuth;
  /** Names of which a client's certificate must have one; `undefined`: any name will do. */
  readonly allowedSans: readonly string[] | undefined;
}

/** The policies for the certificates of clients, as Go and the exporter-toolkit name them. */
export const CLIENT_AUTH = [
  "NoClientCert",
  "RequestClientCert",
  "RequireAnyClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
] as const;

/** One of `CLIENT_AUTH`. */
export type ClientAuth = (typeof CLIENT_AUTH)[number];

/** A configuration, and the other files that it was read from: certificates and keys. */
export interface ReadWebConfig {
  readonly config: WebConfig;
  readonly files: readonly string[];
}

/** A web configuration file. */
export interface WebConfigSource {
  readonly path: string;
  /** Rejects with an error that names the key and what was expected. */
  read(): Promise<ReadWebConfig>;
}

/** Whether nobody gets an answer without a password or a verified certificate. */
export function authenticates({ tls, users }: WebConfig): boolean {
  return users.size > 0 || tls?.clientAuth === "RequireAndVerifyClientCert";
}
