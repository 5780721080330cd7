// What both forms of the app do with what they have imported: a request to each server, and a run of a graph.
exports.serve = async ({ express, fastify, NestFactory, Module, StateGraph, Annotation, Client }) => {
  const answers = [];
  const ask = async (port) => answers.push((await fetch(`http://127.0.0.1:${port}/`)).status);

  const app = express();
  app.get("/", (_, response) => response.send("express"));
  const server = app.listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  await ask(server.address().port);
  server.close();

  const fast = fastify();
  fast.get("/", async () => "fastify");
  await fast.listen({ port: 0, host: "127.0.0.1" });
  await ask(fast.server.address().port);
  await fast.close();

  class App {}
  Module({})(App);
  const nest = await NestFactory.create(App, { logger: false });
  await nest.listen(0, "127.0.0.1");
  await ask(nest.getHttpServer().address().port);
  await nest.close();

  const State = Annotation.Root({ steps: Annotation() });
  const graph = new StateGraph(State)
    .addNode("step", async ({ steps }) => ({ steps: steps + 1 }))
    .addEdge("__start__", "step")
    .addEdge("step", "__end__")
    .compile({ name: "planner" });
  const { steps } = await graph.invoke({ steps: 0 });
  console.log(answers.join(), steps, new Client({ name: "client", version: "1" }).constructor.name);
};
