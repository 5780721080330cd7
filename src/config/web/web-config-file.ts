import { dirname, resolve } from "node:path";
import { createSecureContext } from "node:tls";
import { messageOf } from "../../core/text-of.ts";
import type { ClientAuth, WebConfig, WebConfigSource, WebTls } from "../../prometheus/web/web-config.ts";
import { ConfigurationError, readChecked } from "../configuration.ts";
import { readConfigFileLater } from "../read-config-file.ts";
import type { Accepted } from "../schema.ts";
import { goDurationMillis } from "./go-duration.ts";
import { nodeCiphers, nodeCurves, nodeVersion } from "./tls-names.ts";
import { webFile } from "./web-schema.ts";

type TlsEntry = Accepted<NonNullable<(typeof webFile)["entries"]["tls_server_config"]["wrapped"]>>;
type PemKey = "cert" | "key" | "client_ca";
type FileKey = `${PemKey}_file`;

/** Reports what is wrong with a key of `tls_server_config`. Never returns. */
type Reject = (key: keyof TlsEntry, what: string) => never;

const FILE_KEYS: readonly FileKey[] = ["cert_file", "key_file", "client_ca_file"];
const VERIFYING: readonly ClientAuth[] = ["VerifyClientCertIfGiven", "RequireAndVerifyClientCert"];

/** A web configuration file whose certificates and keys are still to be read. */
export interface ParsedWebFile {
  /** The files that it names. */
  readonly files: readonly string[];
  /**
   * @param contentOf the content of one of `files`.
   * @throws ConfigurationError that names the file, the line, the key and what was expected.
   */
  configWith(contentOf: (file: string) => string): WebConfig;
}

/** The web configuration file of a path. */
export function webConfigFile(path: string): WebConfigSource {
  return {
    path,
    async read() {
      const parsed = parseWebFile(path, await readConfigFileLater(path));
      const contents = new Map<string, PromiseSettledResult<string>>();
      for (const file of parsed.files)
        contents.set(file, (await Promise.allSettled([readConfigFileLater(file)]))[0]);
      const config = parsed.configWith((file) => {
        const content = contents.get(file);
        if (content?.status !== "fulfilled") throw content?.reason;
        return content.value;
      });
      return { config, files: parsed.files };
    },
  };
}

/** Whether a file is meant as a web configuration: it has a key of one. */
export function looksLikeWebFile(content: string): boolean {
  return new RegExp(`^\\{?\\s*["']?(${Object.keys(webFile.entries).join("|")})["']?\\s*:`, "m").test(content);
}

/** @throws ConfigurationError that names the file, the line, the key and what was expected. */
export function parseWebFile(path: string, content: string): ParsedWebFile {
  const { accepted, linesFor } = readChecked(path, content, webFile);
  const rejectAt = (keys: readonly string[], what: string): never => {
    throw new ConfigurationError(linesFor([{ keys, what: `"${keys.join(".")}": ${what}` }]));
  };
  const folder = dirname(path);
  const tls = accepted.tls_server_config;
  const { interval, burst } = accepted.rate_limit ?? {};
  const intervalMillis = goDurationMillis(interval ?? 0) ?? 0;
  if (intervalMillis > 0 && (burst ?? 0) < 1)
    rejectAt(["rate_limit", "burst"], "must be at least 1, otherwise no request is answered");
  return {
    files: FILE_KEYS.flatMap((key) => (tls?.[key] ? [resolve(folder, tls[key])] : [])),
    configWith: (contentOf) => ({
      tls: tls
        ? tlsOf(
            tls,
            (file) => contentOf(resolve(folder, file)),
            (key, what) => rejectAt(["tls_server_config", key], what),
          )
        : undefined,
      users: new Map(Object.entries(accepted.basic_auth_users ?? {})),
      headers: Object.fromEntries(
        Object.entries(accepted.http_server_config?.headers ?? {}).filter(([, value]) => value),
      ) as Record<string, string>,
      rateLimit: intervalMillis > 0 ? { intervalMillis, burst: burst as number } : undefined,
    }),
  };
}

/** @throws what `reject` throws, for a file or a value that cannot be used. */
function tlsOf(entry: TlsEntry, contentOf: (file: string) => string, reject: Reject): WebTls {
  const pemOf = (key: PemKey): string | undefined => {
    const file = entry[`${key}_file`];
    if (!file) return entry[key] || undefined;
    try {
      return contentOf(file);
    } catch (error) {
      return reject(`${key}_file`, `must be a file that can be read (${messageOf(error)})`);
    }
  };
  const cert = pemOf("cert") ?? reject("cert_file", "is missing; TLS needs a certificate");
  const key = pemOf("key") ?? reject("key_file", "is missing; TLS needs a private key");
  const ca = pemOf("client_ca");
  const clientAuth = clientAuthOf(entry, ca, reject);
  if (entry.min_version === "TLS13" && entry.max_version === "TLS12")
    reject("max_version", "must not be below min_version");
  const options = {
    cert,
    key,
    ...(ca === undefined ? {} : { ca }),
    minVersion: nodeVersion(entry.min_version ?? "TLS12"),
    maxVersion: nodeVersion(entry.max_version ?? "TLS13"),
    honorCipherOrder: entry.prefer_server_cipher_suites ?? true,
    ...(entry.cipher_suites?.length ? { ciphers: nodeCiphers(entry.cipher_suites) } : {}),
    ...(entry.curve_preferences?.length ? { ecdhCurve: nodeCurves(entry.curve_preferences) } : {}),
  };
  const check = (
    part: keyof TlsEntry,
    what: string,
    given: typeof options | { cert: string } | { ca: string },
  ): void => {
    try {
      createSecureContext(given);
    } catch (error) {
      reject(part, `${what} (${messageOf(error)})`);
    }
  };
  check(entry.cert_file ? "cert_file" : "cert", "must be a certificate in PEM format", { cert });
  if (ca !== undefined) {
    const part = entry.client_ca_file ? "client_ca_file" : "client_ca";
    if (!ca.includes("-----BEGIN")) reject(part, "must be certificates in PEM format");
    check(part, "must be certificates in PEM format", { ca });
  }
  check(
    entry.key_file ? "key_file" : "key",
    "must be the private key of the certificate, in PEM format",
    options,
  );
  return { options, clientAuth, allowedSans: entry.client_allowed_sans ?? undefined };
}

function clientAuthOf(entry: TlsEntry, ca: string | undefined, reject: Reject): ClientAuth {
  const given = entry.client_auth_type ?? "NoClientCert";
  const clientAuth = given === "RequireClientCert" ? "RequireAnyClientCert" : given;
  if (ca !== undefined && clientAuth === "NoClientCert")
    reject(
      "client_auth_type",
      "must be set, such as RequireAndVerifyClientCert, if there is a client_ca_file",
    );
  // Otherwise every certificate of a public authority would do.
  if (ca === undefined && VERIFYING.includes(clientAuth))
    reject("client_ca_file", `is missing; ${clientAuth} needs the authority of the clients`);
  return clientAuth;
}
