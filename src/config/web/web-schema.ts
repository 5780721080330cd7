import * as v from "valibot";
import { mapping, mappingOf } from "../../core/mapping.ts";
import { CLIENT_AUTH } from "../../prometheus/web/web-config.ts";
import { oneOf, text } from "../schema.ts";
import { goDurationMillis } from "./go-duration.ts";
import { CURVE_NAMES, SUITE_NAMES, VERSION_NAMES } from "./tls-names.ts";

/** The messages never show a value: it may be a secret. */
const secret = v.string("must be a text");
const flag = v.boolean("must be true or false");
const headerValue = v.pipe(
  v.string("must be a text"),
  v.regex(/^[\t\x20-\x7e]*$/, "must be a text of one line, without special characters"),
);

const bcryptHash = v.pipe(
  v.string("must be a bcrypt hash"),
  v.regex(
    /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/,
    "must be a bcrypt hash, which begins with $2y$, $2b$ or $2a$ (htpasswd -nBC 10 NAME makes one)",
  ),
  v.check(
    (hash) => !/^.{4}(0[0-3]|1[6-9]|[2-9]\d)\$/.test(hash),
    // A hash of more rounds would take seconds of the application's CPU for one login.
    "must have a bcrypt cost from 4 to 15",
  ),
);

const tlsServerConfig = mappingOf({
  cert: v.nullish(secret),
  key: v.nullish(secret),
  client_ca: v.nullish(secret),
  cert_file: v.nullish(text),
  key_file: v.nullish(text),
  client_ca_file: v.nullish(text),
  client_auth_type: v.nullish(oneOf([...CLIENT_AUTH, "RequireClientCert"])),
  client_allowed_sans: v.nullish(v.array(text)),
  min_version: v.nullish(oneOf(VERSION_NAMES)),
  max_version: v.nullish(oneOf(VERSION_NAMES)),
  cipher_suites: v.nullish(v.array(oneOf(SUITE_NAMES))),
  prefer_server_cipher_suites: v.nullish(flag),
  curve_preferences: v.nullish(v.array(oneOf(CURVE_NAMES))),
});

const headers = mappingOf({
  "Content-Security-Policy": v.nullish(headerValue),
  "X-Frame-Options": v.nullish(oneOf(["deny", "sameorigin", ""])),
  "X-Content-Type-Options": v.nullish(oneOf(["nosniff", ""])),
  "X-XSS-Protection": v.nullish(headerValue),
  "Strict-Transport-Security": v.nullish(headerValue),
});

const rateLimit = mappingOf({
  interval: v.nullish(
    v.pipe(
      v.union([v.string(), v.literal(0)], "must be a duration such as 500ms or 1s"),
      v.check((it) => goDurationMillis(it) !== undefined, "must be a duration such as 500ms or 1s"),
    ),
  ),
  burst: v.nullish(v.pipe(v.number("must be a whole number"), v.integer("must be a whole number"))),
});

/**
 * A web configuration file, as the exporters of Prometheus read it.
 *
 * Source: https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
 */
export const webFile = mappingOf({
  tls_server_config: v.nullish(tlsServerConfig),
  http_server_config: v.nullish(mappingOf({ http2: v.nullish(flag), headers: v.nullish(headers) })),
  basic_auth_users: v.nullish(mapping(v.string(), bcryptHash)),
  rate_limit: v.nullish(rateLimit),
});
