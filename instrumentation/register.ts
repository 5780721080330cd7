import { startZeroCode } from "../src/zero-code.ts";

startZeroCode();
