/** A package that an application has beside us where it needs it. */
export const OPTIONAL = "@grpc/grpc-js";

/**
 * A `require` of it that a bundler which puts this package into one file with the application lets pass where it is missing:
 * that ends a build, unless an error is expected there.
 */
export const REQUIRE_OPTIONAL = `(() => {
  try {
    return require("${OPTIONAL}");
  } catch (cause) {
    throw new Error("${OPTIONAL} is not installed", { cause });
  }
})()`;
