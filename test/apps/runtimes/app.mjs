import { work } from "./shared/work.mjs";

await work();
