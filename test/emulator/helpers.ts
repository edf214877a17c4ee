import { createHash, createHmac } from "node:crypto";
import * as http from "node:http";
import * as net from "node:net";
import {
  DEFAULT_ACCESS_KEY,
  DEFAULT_DOMAIN_NAME,
  DEFAULT_PASSWORD,
  DEFAULT_PROJECT_ID,
  DEFAULT_REGION,
  DEFAULT_SECRET_KEY,
  DEFAULT_USER_NAME,
  type EmulatorConfig,
  EmulatorServer,
  type LoggedRequest,
  type ServiceName,
} from "../../lib/emulator/server";
import { sampleInstances } from "../../lib/emulator/data";
import { SERVICES } from "../../lib/emulator/services/registry";

export const PROJECT = DEFAULT_PROJECT_ID;
export const NOW = Date.UTC(2025, 5, 15, 12);

/** Target of each list: its path, behind the name of its service. */
export function listPath(service: ServiceName, instance = sampleInstance(service)): string {
  const segment = encodeURIComponent(instance);
  return {
    gaussDb: `/gaussdb/v3/${PROJECT}/backups`,
    rds: `/rds/v3/${PROJECT}/backups`,
    geminiDb: `/geminidb/v3.1/${PROJECT}/backups`,
    dcs: `/dcs/v1.0/${PROJECT}/instances/${segment}/backups`,
    taurusDb: `/taurusdb/v3/${PROJECT}/instances/${segment}/incremental-backups`,
    taurusDbFull: `/taurusdb/v3/${PROJECT}/backups`,
    dds: `/dds/v3/${PROJECT}/backups`,
  }[service];
}

export const instancesOf = (service: ServiceName): string[] => sampleInstances(SERVICES[service]);

export function sampleInstance(service: ServiceName): string {
  return instancesOf(service)[0] as string;
}

export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  body: any;
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  agent?: http.Agent;
}

/** An emulator with a token to call it by. A target is a path behind the name of its service: "/rds/v3/…". */
export interface Rig {
  server: EmulatorServer;
  token: string;
  /** Where a target is. */
  url(target: string): string;
  /** The port that a target is at. */
  port(target: string): number;
  /** A request with nothing added. */
  send(target: string, sent?: Sent): Promise<Reply>;
  /** A request with the token. */
  get(target: string, headers?: Record<string, string>): Promise<Reply>;
  requests(): LoggedRequest[];
}

const running: EmulatorServer[] = [];

export async function start(config: EmulatorConfig = {}): Promise<Rig> {
  const server = new EmulatorServer({ now: NOW, ...config });
  running.push(server);
  const endpoints = Object.entries(await server.listen());
  const url = (target: string): string => {
    const [, name] = target.split(/[/?]/);
    const endpoint = endpoints.find(([service]) => service.toLowerCase() === name)?.[1];
    if (endpoint === undefined) throw new Error(`The emulator has no service ${name}.`);
    return endpoint + withoutService(target);
  };
  const send = (target: string, sent?: Sent): Promise<Reply> => request(url(target), sent);
  const body = JSON.stringify(signInBody(config.passcode === undefined ? {} : config));
  const signedIn = await send("/iam/v3/auth/tokens?nocatalog=true", { method: "POST", body });
  const token = String(signedIn.headers["x-subject-token"]);
  server.control({ op: "clearRequests" });
  return {
    server,
    token,
    url,
    port: (target) => Number(new URL(url(target)).port),
    send,
    get: (target, headers) => send(target, { headers: { "X-Auth-Token": token, ...headers } }),
    requests: () => server.control({ op: "requests" }) as LoggedRequest[],
  };
}

export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

/** What a target is on the port of its service. */
export function withoutService(target: string): string {
  return target.replace(/^\/[^/?]*/, "");
}

export function request(url: string, sent: Sent = {}): Promise<Reply> {
  const { hostname: host, port, origin } = new URL(url);
  const path = url.slice(origin.length); // As it is: a URL would even it out.
  const { method = "GET", body, agent } = sent;
  // Node sends no length by itself with a GET.
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const headers = { ...length, ...sent.headers };
  return new Promise((resolve, reject) => {
    const options = { host, port, path, method, headers, agent: agent ?? false };
    const outgoing = http.request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const { statusCode = 0, headers: got } = incoming;
        resolve({ status: statusCode, headers: got, text, body: parsed(text) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Writes bytes to a socket and gives all that comes back until the server closes it. */
export function raw(
  port: number,
  bytes: string,
  until?: (text: string) => boolean,
): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("utf8");
      if (until?.(text)) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
}

/** Sign-in by password, with a second factor if there is one. */
export function signInBody(
  mfa: { passcode?: string; userId?: string },
  scope: unknown = { project: { name: DEFAULT_REGION } },
): Record<string, unknown> {
  const user = {
    name: DEFAULT_USER_NAME,
    password: DEFAULT_PASSWORD,
    domain: { name: DEFAULT_DOMAIN_NAME },
  };
  const second =
    mfa.passcode === undefined
      ? {}
      : { totp: { user: { id: mfa.userId, passcode: mfa.passcode } } };
  const methods = ["password", ...Object.keys(second)];
  return { auth: { identity: { methods, password: { user }, ...second }, scope } };
}

export interface Signing {
  accessKey?: string;
  secretKey?: string;
  /** Epoch ms. */
  at?: number;
  method?: string;
  body?: string;
  /** Sent and signed. */
  extra?: Record<string, string>;
  /** Signed names, instead of all headers. */
  names?: string[];
}

/** SDK-HMAC-SHA256, from its description. */
export function sign(address: string, signing: Signing = {}): Record<string, string> {
  const url = new URL(address);
  const date = new Date(signing.at ?? Date.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    host: url.host,
    "x-sdk-date": date,
    ...Object.fromEntries(
      Object.entries(signing.extra ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  };
  const names = (signing.names ?? Object.keys(headers)).sort();
  const strict = (text: string): string =>
    [...Buffer.from(text)]
      .map((byte) => {
        const char = String.fromCharCode(byte);
        return /[A-Za-z0-9\-_.~]/.test(char)
          ? char
          : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      })
      .join("");
  const query = [...url.searchParams]
    .map(([name, value]) => `${strict(name)}=${strict(value)}`)
    .sort()
    .join("&");
  const path = url.pathname
    .split("/")
    .map((part) => strict(decodeURIComponent(part)))
    .join("/");
  const canonical = [
    signing.method ?? "GET",
    path.endsWith("/") ? path : `${path}/`,
    query,
    names.map((name) => `${name}:${(headers[name] ?? "").trim()}\n`).join(""),
    names.join(";"),
    hash(signing.body ?? ""),
  ].join("\n");
  const toSign = `SDK-HMAC-SHA256\n${date}\n${hash(canonical)}`;
  const key = signing.secretKey ?? DEFAULT_SECRET_KEY;
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  const access = signing.accessKey ?? DEFAULT_ACCESS_KEY;
  return {
    ...headers,
    authorization: `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

/** The status of an answer, or the code of what came instead. */
export function outcome(reply: Promise<Reply>): Promise<unknown> {
  return reply.then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code,
  );
}

/** Waits for something that will come to pass. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

export const AN_HOUR = 3_600_000;

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
