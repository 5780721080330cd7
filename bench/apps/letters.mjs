const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** A number in letters: names of classes have no digits. */
export function letters(number) {
  let text = "";
  for (let rest = number; text === "" || rest > 0; rest = Math.floor(rest / LETTERS.length))
    text += LETTERS[rest % LETTERS.length];
  return text;
}
