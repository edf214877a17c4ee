import { MessageChannel, MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { nap } from "./nap";
import { ownFile } from "./own-file";
import { Slot } from "./side";
import { SOURCES } from "./sources";

/** The message that the bootstrap sends when the thread dies of an error. */
export interface Crash {
  readonly crash: string;
}

// Run as text, so that it works wherever the file itself does not load; it reports its own death,
// which otherwise would be seen only at the deadline.
const BOOTSTRAP = `
const { workerData } = require("node:worker_threads");
const { port, flags, file, data } = workerData;
const tell = (message) => { port.postMessage(message); Atomics.add(flags, ${Slot.SIGNAL}, 1); Atomics.notify(flags, ${Slot.SIGNAL}); };
process.on("uncaughtException", (error) => { tell({ crash: String((error && error.message) || error) }); process.exit(1); });
process.on("exit", () => { Atomics.store(flags, ${Slot.ENDED}, 1); Atomics.add(flags, ${Slot.SIGNAL}, 1); Atomics.notify(flags, ${Slot.SIGNAL}); });
setInterval(() => Atomics.add(flags, ${Slot.HEARTBEAT}, 1), 100).unref();
require(file).start({ port, flags, data });
`;

const SLICE_MS = 200;
// Out of memory calls no exit handler, so a thread that does not turn for this long counts as dead.
const SILENCE_MS = 15_000;
const STUCK_MS = 1_000;

/**
 * A worker thread that the main thread can wait for.
 *
 * Isolated: no loader or flag of the program runs again in it, and of the environment it gets only
 * what transport needs, so nobody's secrets. It does not keep the process alive by itself.
 */
export class Thread {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly flags = new Int32Array(new SharedArrayBuffer(4 * 4));
  private holds = 0;
  private ended = false;
  private beat = 0;
  private beatAt = 0;

  constructor(
    file: string,
    data: unknown,
    private readonly onMessage: (message: unknown) => void,
    private readonly onEnd: (reason: string) => void,
  ) {
    const path = ownFile(file);
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.worker = new Worker(BOOTSTRAP, {
      eval: true,
      execArgv: [],
      // Pages come and go: with the default of 48 MB they would fill all of it.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
      env: transportEnvironment(),
      workerData: { port: port2, flags: this.flags, data, file: SOURCES?.thread(path) ?? path },
      transferList: [port2],
    });
    this.port.on("message", (message) => this.receive(message));
    this.worker.once("error", (error) => this.end(error.message));
    this.worker.once("exit", () => this.end("it ended"));
    this.worker.unref();
    this.port.unref();
  }

  public post(message: unknown): void {
    this.port.postMessage(message);
  }

  /** Opens a call; false where the thread is gone or about to leave. */
  public open(): boolean {
    if (this.ended || Atomics.load(this.flags, Slot.ENDED) === 1) return false;
    return Atomics.add(this.flags, Slot.OPEN, 1) >= 0;
  }

  public close(): void {
    Atomics.sub(this.flags, Slot.OPEN, 1);
  }

  /** Keeps the process alive while somebody awaits an answer. */
  public hold(): void {
    if (this.holds++ === 0) this.port.ref();
  }

  public release(): void {
    if (--this.holds === 0) this.port.unref();
  }

  /** Blocks until `isDone`, the thread's end, the deadline or Ctrl-C. */
  public wait(isDone: () => boolean, remaining: () => number): "done" | "over" | "interrupted" {
    this.beatAt = performance.now();
    for (;;) {
      const signal = Atomics.load(this.flags, Slot.SIGNAL);
      this.drain();
      if (isDone()) return "done";
      const left = remaining();
      if (this.ended || left <= 0) return "over";
      if (Atomics.load(this.flags, Slot.ENDED) === 1) {
        this.end("it ended");
        continue;
      }
      if (nap(this.flags, Slot.SIGNAL, signal, Math.min(SLICE_MS, left))) return "interrupted";
      const beat = Atomics.load(this.flags, Slot.HEARTBEAT);
      if (beat !== this.beat) [this.beat, this.beatAt] = [beat, performance.now()];
      else if (performance.now() - this.beatAt > SILENCE_MS) this.end("it stopped turning");
    }
  }

  /** Whether, at the end of a wait, its event loop had not turned for a while. */
  public get isStuck(): boolean {
    return performance.now() - this.beatAt > STUCK_MS;
  }

  public terminate(): void {
    if (!this.ended) this.end("it was ended");
  }

  private drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.port);
      if (!received) return;
      this.receive(received.message);
    }
  }

  private receive(message: unknown): void {
    const crash = (message as Partial<Crash> | undefined)?.crash;
    if (crash === undefined) this.onMessage(message);
    else this.end(crash);
  }

  private end(reason: string): void {
    if (this.ended) return;
    // The exit overtakes the last messages: they may hold the answers, or the cause.
    this.drain();
    if (this.ended) return;
    this.ended = true;
    this.port.close();
    void this.worker.terminate();
    this.onEnd(reason);
  }
}

function transportEnvironment(): { [name: string]: string } {
  const names = ["http_proxy", "https_proxy", "no_proxy", "NODE_EXTRA_CA_CERTS", "HOME", "PATH"];
  return Object.fromEntries(
    [...names, ...names.slice(0, 3).map((name) => name.toUpperCase())].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
