/** A message of a sender that cannot be read: it is cut off, or it is not what was expected. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}
