/** Why a server must not listen, although it could. */
export class ClosedDoor extends Error {
  override readonly name = "ClosedDoor";
  /** What has to happen before it may listen; `undefined`: only a restart helps. */
  readonly until: string | undefined;

  constructor(message: string, until?: string) {
    super(message);
    this.until = until;
  }
}
