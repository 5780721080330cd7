/**
 * The length that a message of gRPC announces: after one byte, in four bytes.
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class MessageLength {
  /** The number of bytes before the message. */
  static readonly BYTES = 5;
  readonly #head = Buffer.alloc(MessageLength.BYTES);
  #read = 0;

  /** The length as far as it is known after this part of the stream; 0 before that. */
  after(chunk: Buffer): number {
    if (this.#read < MessageLength.BYTES) this.#read += chunk.copy(this.#head, this.#read);
    return this.#read < MessageLength.BYTES ? 0 : this.#head.readUInt32BE(1);
  }
}
