import { exec } from "node:child_process";
import { promisify } from "node:util";

/**
 * Replaces a module that loads `child_process` at once. Some systems need it to read the id of the
 * machine.
 */
export const execAsync = (command, options) => promisify(exec)(command, options);
