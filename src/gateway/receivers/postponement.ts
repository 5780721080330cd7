/** Why nothing is taken now. Senders keep what they have, and try again. */
export type Postponement = "not_ready" | "overloaded";

/** Why requests are to be sent again later; `undefined`: they are taken. It may wait for that a little. */
export type PostponedBecause = () => Postponement | undefined | Promise<Postponement | undefined>;

/** What a sender is answered. */
export const POSTPONED: Readonly<Record<Postponement, string>> = {
  // A total that came before the saved one would be the first of its stream.
  not_ready: "the gateway loads its state; try again later",
  overloaded: "the gateway has too little memory; try again later",
};
