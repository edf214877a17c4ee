import { isMainThread } from "node:worker_threads";
import { Context, createContext, Script } from "node:vm";

/**
 * Blocks until `flags[slot]` is told to be another one than `value`, or the time is up. True where the
 * user pressed Ctrl-C meanwhile.
 *
 * Without a handler of the program's own, Ctrl-C ends the process as ever. With one it would be heard
 * only when nothing blocks any more: that is why it is listened to here, and passed on to the handler,
 * which comes to it as soon as the program lets go.
 */
export function nap(flags: Int32Array, slot: number, value: number, milliseconds: number): boolean {
  const wait = () => void Atomics.wait(flags, slot, value, milliseconds);
  if (!isMainThread || process.listenerCount("SIGINT") === 0) {
    wait();
    return false;
  }
  try {
    interruptible ??= { script: new Script("wait()"), context: createContext({}) };
    interruptible.context["wait"] = wait;
    interruptible.script.runInContext(interruptible.context, { breakOnSigint: true });
    return false;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_INTERRUPTED") throw error;
    process.kill(process.pid, "SIGINT");
    return true;
  }
}

let interruptible: { script: Script; context: Context } | undefined;
