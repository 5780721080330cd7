/** Keeps the latest point of each stream: as little as an intake can do. */
export class LatestIntake {
  #resources = new Map();

  resource(key, read) {
    return known(this.#resources, key, () => new Resource(read()));
  }
}

class Resource {
  #metrics = new Map();

  constructor(labels) {
    this.labels = labels;
  }

  metric(key, read) {
    return known(this.#metrics, key, () => new Metric(read()));
  }
}

class Metric {
  #streams = new Map();

  constructor(header) {
    this.header = header;
  }

  stream(key, read) {
    return known(this.#streams, key, () => new Stream(read()));
  }
}

class Stream {
  /** @type {unknown} */
  value;
  at = 0;
  startAt = 0;

  constructor(labels) {
    this.labels = labels;
  }

  number(value, at, startAt) {
    this.#keep(value, at, startAt);
  }

  histogram(value, at, startAt) {
    this.#keep(value, at, startAt);
  }

  end(at) {
    this.#keep(undefined, at, Number.NaN);
  }

  #keep(value, at, startAt) {
    this.value = value;
    this.at = at;
    this.startAt = startAt;
  }
}

function known(map, key, make) {
  let found = map.get(key);
  if (found === undefined) {
    found = make();
    map.set(key, found);
  }
  return found;
}
