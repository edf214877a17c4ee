import { Lock } from "./format";
import { keysOf } from "./stacks";

/**
 * What was asked last time by the stacks that are declared up to now, and by those synthesised with them
 * as far as it is known. It goes on where it stood: each stack is looked at once, however often it is read.
 */
export class Former {
  private readonly declared: Iterator<string>;
  private readonly reached = new Set<string>();
  private readonly known = new Set<string>();
  private readonly found: string[] = [];
  /** By stack: those that say they were synthesised with it. */
  private readonly saidBy = new Map<string, string[]>();
  private heard = 0;

  /** `ids` of the declared stacks: it may grow, and nothing leaves it. */
  constructor(
    private readonly lock: Lock,
    private readonly ids: ReadonlySet<string>,
  ) {
    this.declared = ids.values();
    for (const id of lock.stacks.keys()) this.saidBy.set(id, []);
    for (const [id, stack] of lock.stacks) {
      for (const other of stack.with) this.saidBy.get(other)?.push(id);
    }
  }

  /** Each key once; those of stacks that were declared since stand at the end. */
  public get keys(): readonly string[] {
    const open: string[] = [];
    // Never beyond the last one: there an iterator would end, whatever is declared later.
    for (; this.heard < this.ids.size; this.heard++) {
      this.reach(this.declared.next().value as string, open);
    }
    // It grows on the way.
    for (const id of open) this.lookAt(id, open);
    return this.found;
  }

  /** Whether the keys are those of all stacks of the lock. */
  public get hasReachedAll(): boolean {
    return this.reached.size === this.lock.stacks.size;
  }

  private reach(id: string, open: string[]): void {
    if (this.reached.has(id) || !this.lock.stacks.has(id)) return;
    this.reached.add(id);
    open.push(id);
  }

  private lookAt(id: string, open: string[]): void {
    const stack = this.lock.stacks.get(id)!;
    for (const key of keysOf(stack)) {
      if (!this.known.has(key)) this.found.push(key);
      this.known.add(key);
    }
    const others = stack.with.filter((other) => !this.reached.has(other));
    if (others.length === 0) return;
    // Both say so, or one of them was synthesised without the other since.
    const mutual = new Set(this.saidBy.get(id));
    for (const other of others) if (mutual.has(other)) this.reach(other, open);
  }
}

/** The same of these stacks; before the first is declared, of all where all that is locked belongs together. */
export function formerKeys(lock: Lock, declared: ReadonlySet<string>): readonly string[] {
  if (declared.size > 0) return new Former(lock, declared).keys;
  // It can only be told where there is no choice.
  const [first] = lock.stacks.keys();
  const former = new Former(lock, new Set(first === undefined ? [] : [first]));
  const { keys } = former;
  return former.hasReachedAll ? keys : [];
}
