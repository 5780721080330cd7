/** Why a server must not listen, although it could. */
export class ClosedDoor extends Error {
  override readonly name = "ClosedDoor";
  /** Whether the web configuration file may become right. */
  readonly mayGoAway: boolean;

  constructor(message: string, mayGoAway: boolean) {
    super(message);
    this.mayGoAway = mayGoAway;
  }
}
