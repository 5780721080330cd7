// Every object gets these methods, as some libraries and merges of data give them. The API itself is loaded before: it
// could not be loaded after.
import "@opentelemetry/api";

for (const name of ["get", "set"]) {
  Object.prototype[name] = () => {
    throw new Error(`the ${name} of all objects was called`);
  };
}
