/**
 * Ends the process quietly when the reader of its output has ended, as `head` does. Any other error
 * of the output is thrown.
 */
export function endQuietlyWithReader(output: NodeJS.WriteStream): void {
  output.on("error", (error: NodeJS.ErrnoException) => {
    // Windows reports EOF.
    if (error.code !== "EPIPE" && error.code !== "EOF") throw error;
    process.exit();
  });
}
