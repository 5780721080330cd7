for (const type of [Object, Array, Function, Map, Set, Promise, Error, RegExp, String]) {
  Object.freeze(type.prototype);
}
