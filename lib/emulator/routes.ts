import type { IncomingHttpHeaders } from "node:http";
import { type Answer, gatewayError, iamError, serviceError } from "./answers";
import type { Identity } from "./identity";
import { listPage, type PageFault, readListQuery } from "./listing";
import { decodeSegment, readQuery, splitUrl } from "./query";
import { SERVICE_NAMES, SERVICES, type ServiceRow, type WindowsRow } from "./services";
import { isSigned, refuseSignature, type SignedRequest } from "./signature";
import type { Store } from "./store";
import type { LoggedRequest, Owner, ServiceName, Settings } from "./types";
import { readWindowsQuery, windowsPage } from "./windows";

/** A request with the id that its answer carries. */
export interface Request extends SignedRequest {
  id: string;
}

/** What the routes work on. */
export interface World {
  settings: Settings;
  identity: Identity;
  stores: Record<ServiceName, Store>;
  /** A backup id that no record has. */
  unseenId: (service: ServiceName) => string;
}

const PREFIXES: readonly [Owner, string][] = [
  ["iam", "/iam"],
  ["metadata", "/metadata"],
  ...SERVICE_NAMES.map((name): [Owner, string] => [name, SERVICES[name].prefix]),
];

/** Whose url this is; null if nobody's. */
export function ownerOf(url: string): Owner | null {
  const { path } = splitUrl(url);
  return PREFIXES.find(([, prefix]) => path.startsWith(`${prefix}/`))?.[0] ?? null;
}

/** What a request carries to say who calls. */
export function carriedAuth(headers: IncomingHttpHeaders): LoggedRequest["auth"] {
  if (isSigned(headers)) return "signature";
  return headers["x-auth-token"] === undefined ? "none" : "token";
}

/** Answers a request; throws a Refusal for everything that is wrong with it. */
export function answer(
  world: World,
  owner: Owner | null,
  request: Request,
  fault: PageFault,
): Answer {
  if (owner === null) throw unknownPath(request);
  if (owner === "iam") return answerIam(world, request);
  if (owner === "metadata") return answerMetadata(world, request);
  return answerService(world, owner, request, fault);
}

/** docs/apis/shared.md, Signing in: a token by password, and the projects of a name. */
function answerIam({ identity, settings }: World, request: Request): Answer {
  const { path, rawQuery } = splitUrl(request.url);
  const parameter = (name: string): string | undefined =>
    readQuery(rawQuery).find((pair) => pair.name === name)?.value;
  if (path === "/iam/v3/auth/tokens") {
    demandMethod(request, "POST");
    return identity.signIn(request.body, parameter("nocatalog") === "true");
  }
  if (path !== "/iam/v3/projects") throw unknownPath(request);
  demandMethod(request, "GET");
  const auth = carriedAuth(request.headers);
  if (auth === "signature") demandSignature({ identity, settings }, request);
  else if (identity.tokenOf(tokenIn(request)) === undefined) {
    throw iamError(401, "The request you have made requires authentication.");
  }
  return identity.projects(parameter("name"));
}

/** docs/apis/shared.md, Signing in: temporary keys, for whoever can reach the service. */
function answerMetadata({ identity }: World, request: Request): Answer {
  const { path } = splitUrl(request.url);
  if (path !== "/metadata/openstack/latest/securitykey") throw unknownPath(request);
  demandMethod(request, "GET");
  return identity.temporaryKey();
}

function answerService(
  world: World,
  name: ServiceName,
  request: Request,
  fault: PageFault,
): Answer {
  const row = SERVICES[name];
  const { path, rawQuery } = splitUrl(request.url);
  const place = placeOf(row, path);
  if (place === undefined) throw unknownPath(request);
  demandMethod(request, "GET");
  demandProject(world, row, request, place.project);
  const store = world.stores[name];
  if (place.windows !== undefined) {
    const query = readWindowsQuery(row, place.windows, world.settings, rawQuery);
    const instance = place.instance ?? "";
    demandInstance(row, store, instance);
    return windowsPage(place.windows, store, instance, query, fault);
  }
  const query = readListQuery(row, place.instance, rawQuery, world.settings);
  if (query.instance !== undefined) demandInstance(row, store, query.instance);
  const totalCounts = name === "dcs" ? world.settings.dcsTotal : "all";
  return listPage(row, store, query, totalCounts, fault, () => world.unseenId(name));
}

function demandInstance(row: ServiceRow, store: Store, instance: string): void {
  if (store.knows(instance)) return;
  // docs/apis/shared.md, Errors: each service's own way to say it, GeminiDB's a 403.
  const { status, code } = row.errors.instance;
  throw serviceError(status, code, "The instance does not exist.");
}

/** What a path names. */
interface Place {
  project: string;
  /** Where the page's URI has one. */
  instance: string | undefined;
  /** Of the restore windows' call; undefined for the list. */
  windows: WindowsRow | undefined;
}

/** Undefined for a path that no page names. */
function placeOf(row: ServiceRow, path: string): Place | undefined {
  const ofInstance = ["{project}", "instances", "{instance}"];
  const list = [
    "",
    row.version,
    ...(row.instance === "path" ? ofInstance : ["{project}"]),
    row.resource,
  ];
  const found = fit(row, list, path);
  if (found !== undefined) return { ...found, windows: undefined };
  const { windows } = row;
  if (windows === undefined) return undefined;
  const place = fit(row, ["", windows.version, ...ofInstance, ...windows.resource], path);
  return place && { ...place, windows };
}

/** What stands in the braces of a shape; undefined if the path has another shape. */
function fit(
  row: ServiceRow,
  shape: readonly string[],
  path: string,
): Omit<Place, "windows"> | undefined {
  const segments = path.slice(row.prefix.length).split("/");
  if (segments.length !== shape.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, expected] of shape.entries()) {
    const segment = decodeSegment(segments[index] ?? "");
    if (segment === undefined) throw serviceError(400, row.errors.parameter, "Malformed path.");
    if (expected.startsWith("{")) found[expected] = segment;
    else if (segment !== expected) return undefined;
  }
  return { project: found["{project}"] ?? "", instance: found["{instance}"] };
}

/** Who calls, and for which project. */
function demandProject(world: World, row: ServiceRow, request: Request, project: string): void {
  const { identity, settings } = world;
  const auth = carriedAuth(request.headers);
  let granted: string | undefined = settings.projectId; // Also the only one a token can have.
  if (auth === "signature") demandSignature(world, request);
  else if (auth === "token") {
    const token = identity.tokenOf(tokenIn(request));
    if (token === undefined) {
      // docs/apis/shared.md, Errors: 403 DBS.280056, on DCS 401 DCS.1001, for an invalid or expired token.
      const { status, code } = row.errors.token;
      throw serviceError(status, code, "The token is invalid or has expired.");
    }
    granted = token.projectId;
  } else throw incorrectIam(request, "x-auth-token not found");
  // docs/apis/shared.md, Signing in: X-Project-Id is sent and signed. That it has to be the path's project,
  // and that a token of the domain opens no project, is a choice made here.
  const said = request.headers["x-project-id"];
  if (project !== granted || (said ?? project) !== project) {
    const { status, code } = row.errors.project;
    throw serviceError(status, code, "The project does not exist or you have no permission.");
  }
}

function demandSignature(
  { identity }: Pick<World, "identity" | "settings">,
  request: Request,
): void {
  const wrong = refuseSignature(request, (key) => identity.credentialOf(key), Date.now());
  if (wrong !== undefined) throw incorrectIam(request, wrong);
}

/** docs/apis/shared.md, Errors: APIGW.0301, told apart by its text. */
function incorrectIam(request: Request, text: string): Error {
  const message = `Incorrect IAM authentication information: ${text}`;
  return gatewayError(401, "APIGW.0301", message, request.id);
}

function tokenIn({ headers }: Request): string {
  return String(headers["x-auth-token"] ?? "");
}

/** All pages and docs/apis/shared.md name one method per path. */
function demandMethod(request: Request, method: string): void {
  if (request.method === method) return;
  const message = `The method ${request.method} is not allowed here.`;
  throw gatewayError(405, "APIGW.0101", message, request.id, { Allow: method });
}

function unknownPath(request: Request): Error {
  const message = "The API does not exist or has not been published in the environment";
  return gatewayError(404, "APIGW.0101", message, request.id);
}
