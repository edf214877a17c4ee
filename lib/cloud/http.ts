import { readFileSync } from "node:fs";
import type { SecureContext } from "node:tls";
import { BackupsError, refusal } from "../model/errors";
import { HttpAnswer } from "./api-errors";
import { isLocal } from "./endpoints";
import { addressFinder } from "./names";
import { MAX_IN_FLIGHT } from "./level";
import type { Reading } from "./reading";
import { shownPath } from "./variables";
import { Agent, Dispatcher, envProxyAgent, requestThrough } from "./undici";

/** A page of 100 records is about 50 kB; what is larger than this is no page. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** No single try may take longer, whatever the deadline. */
const MAX_TRY_MS = 30_000;

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/** Why there was no answer; `code` is the system's or undici's. */
export class NoAnswer extends Error {
  constructor(
    public readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Sends one request over undici: certificates always checked, answers bounded, proxies by the usual variables. */
export class Http {
  private readonly direct: Dispatcher;
  private readonly proxied: Dispatcher;

  constructor(caFile: string | undefined) {
    const lookup = addressFinder();
    const secureContext = trusting(caFile);
    const options = {
      connections: MAX_IN_FLIGHT,
      // A pipelined GET behind a slow one would only wait for it.
      pipelining: 1,
      // Said explicitly: NODE_TLS_REJECT_UNAUTHORIZED=0 would switch the check off otherwise.
      connect: { rejectUnauthorized: true, secureContext, lookup },
      proxyTls: { rejectUnauthorized: true, lookup },
      requestTls: { rejectUnauthorized: true, secureContext },
    };
    this.direct = new Agent(options);
    this.proxied = hasProxy() ? throughProxy(options) : this.direct;
  }

  /** Broken off when the reading's time is up, or it is stopped. */
  public async send(request: HttpRequest, reading: Reading): Promise<HttpAnswer> {
    const timeout = new AbortController();
    const abort = () => timeout.abort();
    const timer = setTimeout(abort, Math.min(Math.max(1, reading.remaining()), MAX_TRY_MS));
    reading.signal.addEventListener("abort", abort);
    try {
      const response = await requestThrough(
        isLocal(request.url.hostname) ? this.direct : this.proxied,
        {
          origin: request.url.origin,
          path: request.url.pathname + request.url.search,
          method: request.method,
          headers: request.headers,
          body: request.body || null,
          signal: timeout.signal,
          headersTimeout: MAX_TRY_MS,
          bodyTimeout: MAX_TRY_MS,
        },
      );
      return {
        status: response.statusCode,
        headers: single(response.headers),
        text: await bounded(response.body),
      };
    } catch (error) {
      if (BackupsError.isBackupsError(error)) throw error;
      throw timeout.signal.aborted
        ? new NoAnswer("ETIMEDOUT", "no answer in time")
        : new NoAnswer(codeOf(error), error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
      reading.signal.removeEventListener("abort", abort);
    }
  }
}

async function bounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      throw refusal(
        "ANSWER_TOO_LARGE",
        `an answer is larger than ${MAX_ANSWER_BYTES} bytes`,
        "No page of backups is: check the endpoint.",
      );
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks, size));
}

function single(headers: { [name: string]: string | string[] | undefined }): HttpAnswer["headers"] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value[0] : value,
    ]),
  );
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  return String(code ?? cause?.code ?? "UNKNOWN");
}

/**
 * Undefined leaves Node its own list; else that list, the user's file and NODE_EXTRA_CA_CERTS: read once, not
 * for each connection.
 */
function trusting(caFile: string | undefined): SecureContext | undefined {
  if (caFile === undefined) return undefined;
  // Loaded here alone: plain http to this machine needs none.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const tls = require("node:tls") as typeof import("node:tls");
  const extra = process.env["NODE_EXTRA_CA_CERTS"];
  const ca = [...tls.rootCertificates, readCa(caFile), ...(extra ? [readCa(extra)] : [])];
  return tls.createSecureContext({ ca });
}

function readCa(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw refusal(
      "CA_FILE_UNREADABLE",
      `the CA file ${shownPath(file)} can't be read`,
      "Give the path of a PEM file, as `caFile`, OS_CACERT or `cacert` in clouds.yaml.",
    );
  }
}

/** The variables that name a proxy. */
export const PROXY_NAMES = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"];

function hasProxy(): boolean {
  return PROXY_NAMES.some((name) => !!process.env[name]);
}

function throughProxy(options: Parameters<typeof envProxyAgent>[0]): Dispatcher {
  try {
    return envProxyAgent(options);
  } catch {
    // The value is not shown: it may hold a password. Nor is the cause, which quotes it.
    throw refusal(
      "INVALID_PROXY",
      `the address of the proxy in ${PROXY_NAMES.filter((name) => process.env[name]).join(", ")} is no URL`,
      "Allowed is an absolute URL, such as http://proxy.example.com:3128.",
    );
  }
}
