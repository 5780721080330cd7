import * as v from "valibot";
import { mapping } from "../../core/mapping.ts";

/** Headers that HTTP sets itself. A client that is given one of them sends nothing. */
const OF_HTTP = ["connection", "content-length", "expect", "keep-alive", "transfer-encoding", "upgrade"];

/** The name of a header: https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
export const headerName = v.pipe(
  v.string(),
  v.regex(/^[\w!#$%&'*+.^`|~-]+$/, "must be the name of a header, such as authorization"),
);
const sentName = v.pipe(
  headerName,
  v.check(
    (it) => !OF_HTTP.includes(it.toLowerCase()),
    "is a header that is set by HTTP itself; leave it out",
  ),
  // The exporters of OTLP would leave it out.
  v.check((it) => it !== "__proto__", "can't be sent as a header"),
);
const headerValue = v.pipe(
  v.string(),
  v.regex(
    /^[\t\x20-\x7e\x80-\xff]*$/,
    "must be the value of a header: one line, without characters beyond Latin-1",
  ),
);

/** Headers of requests. */
export const headers = v.optional(mapping(sentName, headerValue));
