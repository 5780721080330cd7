/** An input that cannot be used. The message names the file, the line where there is one, and what was expected. */
export class BadInput extends Error {}
