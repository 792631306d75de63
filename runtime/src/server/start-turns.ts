import type { ArrivedCall } from "./arrived-call.ts";
import { CallQueue } from "./call-queue.ts";
import type { ServerLimits } from "./limits.ts";
import { StartPace } from "./start-pace.ts";

/** Time after which calls that cannot start are looked at again, in milliseconds. */
const shedEveryMs = 50;

/** What the turns leave to their owner. */
interface TurnHooks {
  /** Whether a further call may run. */
  readonly hasRoom: () => boolean;
  readonly start: (call: ArrivedCall) => void;
  /** Turns away a call that has waited too long. */
  readonly shed: (call: ArrivedCall) => void;
  /** Called when a turn is over. */
  readonly onTurn: () => void;
}

/**
 * Starts calls, some in each turn of the event loop: as many as the turn has time for. Those that are
 * left wait for the next one, or are turned away.
 */
export class StartTurns {
  readonly #hooks: TurnHooks;
  readonly #queue: CallQueue<ArrivedCall>;
  readonly #pace = new StartPace();
  #scheduled = false;
  #shedTimer: NodeJS.Timeout | undefined;

  constructor({ maxWaitMs }: ServerLimits, hooks: TurnHooks) {
    this.#hooks = hooks;
    this.#queue = new CallQueue(maxWaitMs, hooks.shed);
  }

  /** Calls that have not started. */
  get calls(): ArrivedCall[] {
    return [...this.#queue.calls];
  }

  get isEmpty(): boolean {
    return this.#queue.isEmpty;
  }

  add(call: ArrivedCall): void {
    this.#queue.push(call);
    this.schedule();
  }

  /** There may be room again. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    this.#pace.begin();
    let mayFollow = true;
    try {
      while (mayFollow && this.#hooks.hasRoom()) {
        const call = this.#queue.take();
        if (call === undefined) break;
        this.#hooks.start(call);
        mayFollow = this.#pace.next();
      }
    } finally {
      this.#goOn(mayFollow);
      this.#hooks.onTurn();
    }
  }

  /** @param hasTime false when calls are left for the next turn */
  #goOn(hasTime: boolean): void {
    if (!hasTime || this.#pace.needsLook) this.schedule();
    else this.#pace.pause();
    if (this.#queue.isEmpty || this.#shedTimer !== undefined) return;
    // Calls that wait for others to end must not wait too long either.
    this.#shedTimer = setTimeout(() => {
      this.#shedTimer = undefined;
      this.#queue.shedOld();
      this.#goOn(true);
    }, shedEveryMs);
  }
}
