/**
 * The limit of waits whose length is not what is tested. It only ends a test that hangs, and is far longer than any
 * wait takes on a busy machine: a test that passes never reaches it.
 */
export const BACKSTOP_MILLIS = 180_000;

/** The limit of one request within such a wait, which asks again. */
export const ONE_ANSWER_MILLIS = 60_000;
