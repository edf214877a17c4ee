import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Answer } from "./answers";
import type { Fault } from "./types";

/** The parts of a fault that change how an answer is sent. */
export type SendFault = Pick<Fault, "chunked" | "disconnect" | "dripMs" | "encoding" | "reset">;

const ENCODERS = { br: brotliCompressSync, gzip: gzipSync };

/** Sends an answer, or what a fault leaves of it; `wait` may never end. */
export async function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  fault: SendFault,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  const bytes = encoded(body, fault);
  try {
    response.writeHead(status, { ...framing(bytes, fault), ...headers });
  } catch {
    // A fault's own headers or status that HTTP cannot carry.
    response.destroy();
    return;
  }
  const isCut = fault.disconnect === "midway";
  const sent = isCut ? bytes.subarray(0, Math.floor(bytes.length / 2)) : bytes;
  const step = fault.dripMs === undefined ? sent.length : 1;
  if (isCut) response.flushHeaders(); // Where half of the body is nothing.
  for (let at = 0; at < sent.length && !response.destroyed; at += step) {
    await written(response, sent.subarray(at, at + step));
    if (fault.dripMs !== undefined) await wait(fault.dripMs);
  }
  // A reset takes along what is not read yet.
  if (isCut && fault.reset) await wait(20);
  if (isCut) cut(response.socket, fault);
  else response.end();
}

/** Ends a connection as the fault says. */
export function cut(socket: Socket | null, { reset }: SendFault): void {
  // What resetAndDestroy() sets: it alone would close first and reset then.
  if (reset) Object.assign(socket ?? {}, { resetAndClosing: true });
  socket?.destroy();
}

function encoded(body: string, { encoding }: SendFault): Buffer {
  const bytes = Buffer.from(body);
  return encoding === undefined ? bytes : ENCODERS[encoding](bytes);
}

function framing({ length }: Buffer, { chunked, encoding }: SendFault): Record<string, string> {
  return {
    ...(chunked ? {} : { "content-length": String(length) }),
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
  };
}

/** Settles whether or not anybody was there to take it. */
function written(response: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => resolve());
  });
}
