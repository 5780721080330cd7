/** Up to this many numbers, a sort by insertion is the fastest. */
const FEW = 40;
/** From these many numbers on, too many could differ only in bits that were left out. */
const SEVERAL = 256;
const MANY = 4096;
const BYTES = 8;
/** The upper quarter of a number: its sign, its exponent and a sixteenth of its size. */
const FEW_UPPER_BYTES = 2;
/** The upper half: its sign, its exponent and a millionth of its size. */
const UPPER_BYTES = 4;
const BYTE_VALUES = 256;

// Scratch: one sort ends before the next begins. Only its size lasts.
let keys = new Uint32Array(0);
let keyBytes = new Uint8Array(0);
let keyNumbers = new Float64Array(0);
let indices = new Int32Array(0);
let spare = new Int32Array(0);
const places = new Int32Array(BYTES * BYTE_VALUES);

/**
 * The indices of numbers in ascending order of the numbers, equal ones in their own order. There may
 * be no `NaN`. The result is valid until the next call.
 *
 * It sorts by the bytes of the numbers, the least important first, and puts right by insertion what
 * differs only in bits that were left out. A comparison sort of random numbers costs twice as much,
 * because a processor cannot foresee its comparisons. (On the few processors that store numbers with
 * their most important byte first, the insertion does all the work.)
 * https://en.wikipedia.org/wiki/Radix_sort
 */
export function ascendingOrder(numbers: Float64Array): Int32Array {
  const count = numbers.length;
  if (indices.length < count) reserve(2 * count);
  const order = indices.subarray(0, count);
  for (let index = 0; index < count; index++) order[index] = index;
  if (count > FEW) sortByBytes(numbers, order, BYTES - sortedBytes(count));
  sortByInsertion(numbers, order);
  return order;
}

function sortedBytes(count: number): number {
  if (count < SEVERAL) return FEW_UPPER_BYTES;
  return count < MANY ? UPPER_BYTES : BYTES;
}

/** Stable, and fast when nearly all is in order. */
function sortByInsertion(numbers: Float64Array, order: Int32Array): void {
  for (let position = 1; position < order.length; position++) {
    const index = order[position] as number;
    const number = numbers[index] as number;
    let place = position;
    while (place > 0 && (numbers[order[place - 1] as number] as number) > number) {
      order[place] = order[place - 1] as number;
      place--;
    }
    order[place] = index;
  }
}

function sortByBytes(numbers: Float64Array, order: Int32Array, firstByte: number): void {
  fillKeys(numbers);
  countBytes(numbers.length, firstByte);
  // The number of bytes is even: the last move leads back.
  for (let byte = firstByte; byte < BYTES; byte += 2) {
    moveByByte(byte, order, spare, numbers.length);
    moveByByte(byte + 1, spare, order, numbers.length);
  }
}

/** Keys whose bytes, read as one whole number without a sign, are in the order of the numbers. */
function fillKeys(numbers: Float64Array): void {
  for (let index = 0; index < numbers.length; index++) {
    // Adding 0 makes -0 equal to 0.
    keyNumbers[index] = (numbers[index] as number) + 0;
    const upper = keys[2 * index + 1] as number;
    const ifNegative = upper >> 31;
    keys[2 * index] = (keys[2 * index] as number) ^ ifNegative;
    keys[2 * index + 1] = upper ^ (ifNegative | 0x80000000);
  }
}

function reserve(count: number): void {
  keyNumbers = new Float64Array(count);
  keys = new Uint32Array(keyNumbers.buffer);
  keyBytes = new Uint8Array(keyNumbers.buffer);
  indices = new Int32Array(count);
  spare = new Int32Array(count);
}

/** How many keys have each value of each byte. */
function countBytes(count: number, firstByte: number): void {
  places.fill(0, firstByte * BYTE_VALUES);
  for (let index = 0; index < count; index++) {
    for (let byte = firstByte; byte < BYTES; byte++) {
      (places[byte * BYTE_VALUES + (keyBytes[index * BYTES + byte] as number)] as number)++;
    }
  }
}

/** Moves the indices into the order of one byte of their keys. */
function moveByByte(byte: number, from: Int32Array, to: Int32Array, count: number): void {
  const first = byte * BYTE_VALUES;
  let smaller = 0;
  for (let place = first; place < first + BYTE_VALUES; place++) {
    const same = places[place] as number;
    places[place] = smaller;
    smaller += same;
  }
  for (let position = 0; position < count; position++) {
    const index = from[position] as number;
    const place = first + (keyBytes[index * BYTES + byte] as number);
    to[places[place] as number] = index;
    (places[place] as number)++;
  }
}
