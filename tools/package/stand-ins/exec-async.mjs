import { exec } from "node:child_process";
import { promisify } from "node:util";

/** Stands for a module that loads `child_process` to have this, which some systems need to tell the id of the machine. */
export const execAsync = (command, options) => promisify(exec)(command, options);
