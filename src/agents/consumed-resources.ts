import type { SharedRoom } from "./shared-room.ts";

/** The maximum of resources of one agent, if there is room. Further resources are ignored. */
const MAX_RESOURCES = 100;

/** How much of each resource an agent has consumed so far. */
export class ConsumedResources {
  readonly #room: SharedRoom;
  /** Allocated by the first resource: most agents have none. */
  #amounts: Map<string, number> | undefined;

  constructor(room: SharedRoom) {
    this.#room = room;
  }

  record(amounts: Readonly<Record<string, number>>): void {
    this.#amounts ??= new Map();
    for (const resource of Object.keys(amounts))
      if (this.#amounts.has(resource) || this.#hasRoom(this.#amounts.size))
        this.#amounts.set(resource, amounts[resource] as number);
  }

  /** Gives back the room that all agents share. */
  leave(): void {
    this.#room.giveBack(this.#amounts?.size ?? 0, 0);
  }

  all(): Record<string, number> {
    return Object.fromEntries(this.#amounts ?? []);
  }

  #hasRoom(had: number): boolean {
    return had < MAX_RESOURCES && this.#room.take(had);
  }
}
