// Ajv checks what a client answers to a question of the server. Ours asks nothing.
import process from "node:process";

class DefaultJsonSchemaValidator {}

export { DefaultJsonSchemaValidator, process };
