// Fails if what a browser loads for the page has become too large.
import { gzipSync } from "node:zlib";
import { bundlePage } from "./bundle-page.mjs";

/** The most bytes, compressed. */
const MOST_BYTES = 40_000;

const { script, style } = await bundlePage();
const [ofScript, ofStyle] = [script, style].map((text) => gzipSync(text, { level: 9 }).length);
const bytes = ofScript + ofStyle;
console.log(`page: ${bytes} bytes compressed (script ${ofScript}, style ${ofStyle}), at most ${MOST_BYTES}`);
if (bytes >= MOST_BYTES) process.exitCode = 1;
