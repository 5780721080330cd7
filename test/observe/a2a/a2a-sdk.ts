import { createRequire } from "node:module";
import * as esModule from "@a2a-js/sdk/server";
import type { HandlerClass } from "../../../src/observe/a2a/a2a.ts";

type Copy = typeof esModule;

const commonJs = createRequire(import.meta.url)("@a2a-js/sdk/server") as Copy;

export const copies: readonly Copy[] = [esModule, commonJs];
export const handlerClasses = copies.map((it) => it.DefaultRequestHandler as unknown as HandlerClass);

/** The states of tasks, by their numbers in the protocol. */
export const STATES = {
  submitted: 1,
  working: 2,
  completed: 3,
  failed: 4,
  canceled: 5,
  "input-required": 6,
  rejected: 7,
  "auth-required": 8,
} as const;

/** What an agent does with a message. */
export interface Work {
  readonly taskId: string;
  /** Publishes that the task is in this state. */
  become(state: keyof typeof STATES): void;
  answer(): void;
}

export interface Executor {
  execute(work: Work): unknown;
  cancel?(work: Work): void;
  /** The states in which a task goes on after the executor has returned. */
  readonly goesOnIn?: readonly (keyof typeof STATES)[];
}

/** A server in this process. */
export interface Server {
  send(): Promise<unknown>;
  stream(): Promise<unknown>;
  cancel(taskId: string): Promise<unknown>;
}

interface Bus {
  publish(event: unknown): void;
}

function workOf(bus: Bus, taskId: string, contextId: string): Work {
  return {
    taskId,
    become: (state) => {
      const status = { state: STATES[state], message: undefined, timestamp: undefined };
      const data =
        state === "submitted"
          ? { id: taskId, contextId, status, artifacts: [], history: [], metadata: {} }
          : { taskId, contextId, status, metadata: {} };
      bus.publish({ kind: state === "submitted" ? "task" : "statusUpdate", data });
    },
    answer: () => {
      const parts = [{ content: { $case: "text", value: "a secret answer" } }];
      bus.publish({ kind: "message", data: { messageId: "m", taskId, contextId, role: 2, parts } });
    },
  };
}

export function serve(name: string, executor: Executor, copy: Copy = esModule): Server {
  const works = new Map<string, string>();
  const card = { name, capabilities: { streaming: true }, defaultInputModes: [] };
  const agent = {
    execute: async ({ taskId, contextId }: { taskId: string; contextId: string }, bus: Bus) => {
      works.set(taskId, contextId);
      await executor.execute(workOf(bus, taskId, contextId));
    },
    cancelTask: async (taskId: string, bus: Bus) =>
      executor.cancel?.(workOf(bus, taskId, works.get(taskId) ?? "")),
  };
  const { goesOnIn } = executor;
  const options = goesOnIn && { keepBusAliveStates: goesOnIn.map((state) => STATES[state]) };
  const { DefaultRequestHandler, InMemoryTaskStore } = copy;
  const given = [card, new InMemoryTaskStore(), agent, undefined, undefined, undefined, undefined, undefined];
  const handler = new DefaultRequestHandler(...([...given, options] as never as [never, never, never]));
  const context = new copy.ServerCallContext({} as never);
  const message = {
    messageId: "a-message-id",
    role: 1,
    parts: [{ content: { $case: "text", value: "Go." } }],
  };
  const params = { message } as never;
  return {
    send: () => handler.sendMessage(params, context),
    stream: async () => {
      const events: unknown[] = [];
      for await (const event of handler.sendMessageStream(params, context)) events.push(event);
      return events;
    },
    cancel: (taskId) => handler.cancelTask({ id: taskId } as never, context),
  };
}
