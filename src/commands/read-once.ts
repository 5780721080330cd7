/** Reads each file once: it may be a pipe. */
export function readOnce(readFile: (path: string) => string): (path: string) => string {
  const read = new Map<string, string>();
  return (path) => {
    const content = read.get(path) ?? readFile(path);
    read.set(path, content);
    return content;
  };
}
