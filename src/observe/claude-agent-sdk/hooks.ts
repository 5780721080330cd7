import { standIn } from "../work/stand-in.ts";

/** The events of the SDK that are observed. */
const EVENTS = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStart", "SubagentStop"] as const;
/** The events that every version of the SDK has. */
const OLDEST_EVENTS: readonly string[] = ["PreToolUse", "PostToolUse", "SubagentStop"];
/** Claude Code does not wait longer for our answer, if it does not arrive. */
const TIMEOUT_SECONDS = 5;

/** The input of a hook. Only these fields are read. */
export interface HookInput {
  readonly hook_event_name?: string;
  readonly tool_name?: string;
  readonly tool_use_id?: string;
  readonly tool_input?: unknown;
  /** Present inside a sub-agent. */
  readonly agent_id?: string;
  readonly agent_type?: string;
  readonly error?: unknown;
  readonly is_interrupt?: boolean;
}

type Hook = (input: HookInput) => Promise<object>;

interface Matcher {
  readonly hooks: readonly Hook[];
  readonly timeout: number;
}

/**
 * What reads as the options of a query, with one more hook for each observed event. The hooks of the
 * application stay first, as the same objects. Ours decides nothing.
 */
export function withHooks<Options extends object>(
  options: Options,
  known: readonly string[] | undefined,
  note: (input: HookInput) => void,
): Options {
  const hook: Hook = async (input) => {
    note(input);
    return {};
  };
  const own = (options as { hooks?: Record<string, readonly Matcher[] | undefined> | null }).hooks;
  // With these, the SDK refuses to start.
  if (own === null) return options;
  const hooks: Record<string, readonly Matcher[] | undefined> = { ...own };
  for (const event of EVENTS) {
    if (!(known ?? OLDEST_EVENTS).includes(event)) continue;
    hooks[event] = [...(own?.[event] ?? []), { hooks: [hook], timeout: TIMEOUT_SECONDS }];
  }
  return standIn(options, { hooks });
}
