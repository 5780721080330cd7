/** A package that applications install beside ours if they need it. */
export const OPTIONAL = "@grpc/grpc-js";

/**
 * A `require` of it inside `try`. An application may bundle this package without the optional
 * package: bundlers accept a missing package only where the code handles the error.
 */
export const REQUIRE_OPTIONAL = `(() => {
  try {
    return require("${OPTIONAL}");
  } catch (cause) {
    throw new Error("${OPTIONAL} is not installed", { cause });
  }
})()`;
