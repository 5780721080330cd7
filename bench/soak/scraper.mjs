/** As Prometheus asks in many setups, and more often in a short run. */
const SCRAPE_MILLIS = 5000;

/** Scrapes an app from another process, so that the memory of a client is not the app's. */
export class Scraper {
  /** How many samples the last page had. */
  series = 0;
  #everyMillis;
  #timer;

  /** @param {number} sampleMillis the time between two looks at the app */
  constructor(sampleMillis) {
    this.#everyMillis = Math.min(SCRAPE_MILLIS, sampleMillis / 2);
  }

  /** @param {string} url */
  start(url) {
    this.#timer = setInterval(() => this.#scrape(url).catch(() => {}), this.#everyMillis);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /**
   * Rejects when the app has ended.
   *
   * @param {string} url
   */
  async #scrape(url) {
    const page = await (await fetch(`${url}/metrics`)).text();
    this.series = page.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;
  }
}
