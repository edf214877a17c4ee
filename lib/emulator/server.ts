import { randomUUID } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Answer, gatewayError, json, Refusal } from "./answers";
import { defaultRecords, defaultWindows, numberedId } from "./data";
import { Faults } from "./faults";
import { generateRecords } from "./generate";
import { Identity } from "./identity";
import { readQuery, splitUrl } from "./query";
import { idOf } from "./instance-listing";
import { Instances } from "./instances";
import { Meter } from "./quota";
import { answer, carriedAuth, type World } from "./routes";
import { cut, send } from "./send";
import type { EmulatedList } from "./services/list";
import { instanceListOf, SERVICE_NAMES, SERVICES } from "./services/registry";
import { Store } from "./store";
import {
  type ControlCommand,
  type EmulatorConfig,
  type Fault,
  type LoggedRequest,
  nowOf,
  type Owner,
  type ServiceName,
  type Settings,
  settingsOf,
} from "./types";

export * from "./types";

const HOST = "127.0.0.1";
const MAX_BODY_BYTES = 1024 ** 2;
const SECRET_HEADERS = new Set(["authorization", "x-auth-token", "x-security-token"]);

const OWNERS = [
  ...new Set(["iam", "metadata", ...SERVICE_NAMES.map((name) => SERVICES[name].service)]),
] as Owner[];

/**
 * A local HTTP server that behaves as the pages of the APIs say. Each service has a port of its own, as
 * it has a host of its own in the cloud: the vendor's own clients take an endpoint without a path.
 */
export class EmulatorServer {
  private readonly world: World;
  private readonly faults = new Faults();
  private readonly meter: Meter | undefined;
  private readonly servers: ReadonlyMap<Owner, http.Server>;
  private readonly sockets = new Set<Socket>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private log: LoggedRequest[] = [];
  private unseen = 0;

  public constructor(config: EmulatorConfig) {
    const settings = settingsOf(config);
    this.meter = settings.quota && new Meter(settings.quota);
    this.world = {
      settings,
      identity: new Identity(settings),
      stores: storesOf(settings),
      unseenId: (service) => numberedId(SERVICES[service], ++this.unseen),
    };
    for (const service of SERVICE_NAMES) {
      const records = settings.instanceRecords[service] ?? [];
      for (const record of records) this.setInstance(service, record);
    }
    this.servers = new Map(OWNERS.map((owner) => [owner, this.serverOf(owner)]));
  }

  /** Listens on 127.0.0.1, on its ports or those that the system chooses, and gives the base URL of each service. */
  public async listen(): Promise<Record<string, string>> {
    const { port: first } = this.world.settings;
    const endpoints = [...this.servers].map(async ([owner, server], i) => {
      server.listen(first === undefined ? 0 : first + i, HOST);
      await once(server, "listening");
      return [owner, `http://${HOST}:${(server.address() as AddressInfo).port}`] as const;
    });
    return Object.fromEntries(await Promise.all(endpoints));
  }

  /** Stops listening and destroys every open socket; harmless when called again. */
  public async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    const closed = [...this.servers.values()].map(
      (server) => new Promise((resolve) => server.close(resolve)),
    );
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** Does, or answers, one thing; the result can be sent to another thread. */
  public control(command: ControlCommand): unknown {
    switch (command.op) {
      case "add":
        return this.storeOf(command.service).add(command.record, command.tableLevel);
      case "remove":
        return this.storeOf(command.service).remove(command.id);
      case "instance":
        return this.setInstance(command.service, command.record);
      case "windows":
        return this.storeOf(command.service).setWindows(command.instance, command.windows);
      case "requests":
        return structuredClone(this.log);
      case "takeRequests": {
        const answered = this.log.filter(({ status }) => status !== 0);
        this.log = this.log.filter(({ status }) => status === 0);
        return answered;
      }
      case "clearRequests":
        this.log = [];
        return undefined;
      case "fault":
        return this.faults.add(command.fault);
      case "clearFaults":
        return this.faults.clear();
      case "expireTokens":
        return this.world.identity.expireAll();
      default:
        throw new Error(`The emulator knows no command ${JSON.stringify(command)}.`);
    }
  }

  private serverOf(owner: Owner): http.Server {
    const server = http.createServer((request, response) => {
      // A `then` that names no service, say, ends its own request and not the process.
      this.serve(owner, request, response).catch(() => request.socket.destroy());
    });
    // A client may keep a connection for as long as it likes; only close() ends it.
    server.keepAliveTimeout = 0;
    server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
    server.on("clientError", (_error, socket) => refuseGarbage(socket as Socket));
    return server;
  }

  private storeOf(service: ServiceName): Store {
    const store = this.world.stores[service];
    if (store === undefined) throw new Error(`The emulator knows no service ${String(service)}.`);
    return store;
  }

  private setInstance(service: ServiceName, record: unknown): void {
    const { instances } = this.storeOf(service);
    const list = instanceListOf(service);
    const id = idOf(list, record);
    if (id === undefined) throw new Error(`The record of an instance has no ${list.keys.id}.`);
    instances.setRecord(id, record);
  }

  private async serve(
    owner: Owner,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    // The client may go away at any time; that is its own affair.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    const id = randomUUID().replaceAll("-", "");
    const { method = "", url = "", headers } = request;
    // Both at once, so that they meet the requests in the order in which they arrived. That a fault
    // befalls only what the quota has room for is a choice made here.
    const refusal = this.meter?.refuse(owner, url, id);
    const fault = refusal ? {} : (this.faults.take(owner, url) ?? {});
    const entry = this.record(owner, request);
    const body = await readBody(request);
    if (body === undefined) return; // The client left before the end of its request.
    await this.wait(this.world.settings.latencyMs + (fault.delayMs ?? 0));
    const made = this.make(fault, () => {
      if (refusal) throw refusal;
      return body === "too large"
        ? gatewayError(413, "APIGW.0201", "The request body is too large.", id).answer
        : answer(this.world, owner, { id, method, url, headers, body }, fault);
    });
    for (const command of [fault.then ?? []].flat()) this.control(command);
    if (fault.hang) return;
    if (fault.disconnect === "before") return cut(request.socket, fault);
    if (fault.raw !== undefined) {
      request.socket.end(Buffer.from(fault.raw, "latin1"));
      return;
    }
    entry.status = made.status;
    const date = new Date(nowOf(this.world.settings)).toUTCString();
    // Of one name there is one, as a fault may write it.
    const usual = { "x-request-id": id, date };
    const own = Object.entries(made.headers).map(([name, value]) => [name.toLowerCase(), value]);
    const withUsual = { ...made, headers: { ...usual, ...Object.fromEntries(own) } };
    await send(response, withUsual, fault, (ms) => this.wait(ms));
  }

  /** The answer a fault dictates, or the one the routes give. */
  private make(fault: Fault, normally: () => Answer): Answer {
    const headers = fault.headers ?? {};
    if (fault.status !== undefined || fault.body !== undefined) {
      const type = { "Content-Type": "application/json;charset=utf-8" };
      return {
        status: fault.status ?? 200,
        headers: { ...type, ...headers },
        body: fault.body ?? "",
      };
    }
    const made = refusalAsAnswer(normally);
    return { ...made, headers: { ...made.headers, ...headers } };
  }

  private record(service: Owner, request: http.IncomingMessage): LoggedRequest {
    const { method = "", url = "", headers } = request;
    const { path, rawQuery } = splitUrl(url);
    const shown = Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_HEADERS.has(name) ? "***" : String(value),
    ]);
    const entry: LoggedRequest = {
      method,
      at: Date.now(),
      url,
      path,
      query: Object.fromEntries(readQuery(rawQuery).map(({ name, value }) => [name, value])),
      status: 0,
      service,
      auth: carriedAuth(headers),
      headers: Object.fromEntries(shown) as Record<string, string>,
    };
    this.log.push(entry);
    return entry;
  }

  /** Waits; for ever if the emulator is closed meanwhile, when nobody is left to answer. */
  private async wait(ms: number): Promise<void> {
    if (ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        resolve();
      }, ms);
      this.timers.add(timer);
    });
  }
}

/** A store for each list; those of one service share its instances. */
function storesOf(settings: Settings): World["stores"] {
  const shared = new Map<string, Instances>();
  const stores = SERVICE_NAMES.map((name) => {
    const { service } = SERVICES[name];
    const instances = shared.get(service) ?? new Instances();
    shared.set(service, instances);
    return [name, storeOf(name, instances, settings)];
  });
  return Object.fromEntries(stores) as World["stores"];
}

function storeOf(name: ServiceName, instances: Instances, settings: Settings): Store {
  const { records, generate, now } = settings;
  const list: EmulatedList = SERVICES[name];
  const generated = generate && generateRecords(name, generate.seed, generate.count, now);
  // What was said of one list of a service holds for the service: no default data beside it.
  const isGiven = SERVICE_NAMES.some(
    (other) => SERVICES[other].service === list.service && records[other],
  );
  const own = records[name] ?? generated ?? (isGiven ? [] : undefined);
  const rows = own ?? defaultRecords(list, now);
  const tables = list.isTableLevel ? settings.tableRecords : [];
  const store = new Store(list, instances, rows, tables, settings.windowReading);
  for (const instance of settings.instances[name] ?? []) instances.add(instance);
  // The default windows are those of the default backups; beside others they would be a lie.
  const windows = { ...(own ? {} : defaultWindows(list, now)), ...settings.windows[name] };
  for (const [instance, theirs] of Object.entries(windows)) store.setWindows(instance, theirs);
  return store;
}

function refusalAsAnswer(make: () => Answer): Answer {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    // A fault of the emulator itself, said plainly instead of ending the process.
    return json(500, { error_code: "EMULATOR.0500", error_msg: String(error) });
  }
}

/** The whole body, "too large", or undefined if the client left before its end. */
function readBody(request: http.IncomingMessage): Promise<Buffer | "too large" | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    request.on("end", () => resolve(length > MAX_BODY_BYTES ? "too large" : Buffer.concat(chunks)));
    request.on("close", () => resolve(undefined));
  });
}

/** What is no HTTP gets an HTTP answer where one can still be written, and the emulator lives on. */
function refuseGarbage(socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const id = randomUUID().replaceAll("-", "");
  const { body } = gatewayError(400, "APIGW.0201", "Bad request.", id).answer;
  socket.end(
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\n" +
      `X-Request-Id: ${id}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
