import type { IncomingHttpHeaders } from "node:http";
import { type Answer, gatewayError, iamError, serviceError } from "./answers";
import type { Identity } from "./identity";
import {
  instanceDetail,
  instanceRecords,
  instancesPage,
  readInstanceQuery,
} from "./instance-listing";
import { listPage, type PageFault, readListQuery } from "./listing";
import { type Refusing, wrong } from "./parameters";
import { decodeSegment, readQuery, splitUrl } from "./query";
import { readRestorableQuery, restorablePage } from "./restorable";
import type { EmulatedList, WindowsCall } from "./services/list";
import type { InstanceList, RestorableCall } from "./services/instance-list";
import { instanceListOf, SERVICE_NAMES, SERVICES } from "./services/registry";
import { isSigned, refuseSignature, type SignedRequest } from "./signature";
import type { Store } from "./store";
import { type LoggedRequest, nowOf, type Owner, type ServiceName, type Settings } from "./types";
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
  unseenId: (service: ServiceName) => unknown;
}

/** What a request carries to say who calls. */
export function carriedAuth(headers: IncomingHttpHeaders): LoggedRequest["auth"] {
  if (isSigned(headers)) return "signature";
  return headers["x-auth-token"] === undefined ? "none" : "token";
}

/** Answers a request; throws a Refusal for everything that is wrong with it. */
export function answer(world: World, owner: Owner, request: Request, fault: PageFault): Answer {
  if (owner === "iam") return answerIam(world, request);
  if (owner === "metadata") return answerMetadata(world, request);
  return answerService(world, owner, request, fault);
}

/** docs/apis/shared.md, Signing in: a token by password, and the projects of a name. */
function answerIam({ identity, settings }: World, request: Request): Answer {
  const { path, rawQuery } = splitUrl(request.url);
  const parameter = (name: string): string | undefined =>
    readQuery(rawQuery).find((pair) => pair.name === name)?.value;
  if (path === "/v3/auth/tokens") {
    demandMethod(request, "POST");
    return identity.signIn(request.body, parameter("nocatalog") === "true");
  }
  if (path !== "/v3/projects") throw unknownPath(request);
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
  if (path !== "/openstack/latest/securitykey") throw unknownPath(request);
  demandMethod(request, "GET");
  return identity.temporaryKey();
}

function answerService(
  world: World,
  owner: ServiceName,
  request: Request,
  fault: PageFault,
): Answer {
  const { path } = splitUrl(request.url);
  const { service } = SERVICES[owner];
  for (const name of SERVICE_NAMES.filter((each) => SERVICES[each].service === service)) {
    const place = placeOf(SERVICES[name], path);
    if (place !== undefined) return answerList(world, name, place, request, fault);
  }
  const restorable = placeOfRestorable(instanceListOf(owner), path);
  if (restorable !== undefined) return answerRestorable(world, owner, restorable, request, fault);
  const found = placeOfInstances(instanceListOf(owner), path);
  if (found === undefined) throw unknownPath(request);
  return answerInstances(world, owner, found, request, fault);
}

function answerList(
  world: World,
  name: ServiceName,
  place: Place,
  request: Request,
  fault: PageFault,
): Answer {
  const { list } = place;
  const { rawQuery } = splitUrl(request.url);
  demandCall(world, list, place, request);
  const store = world.stores[name];
  if (place.windows !== undefined) {
    const query = readWindowsQuery(list, place.windows, world.settings, rawQuery);
    const instance = place.instance ?? "";
    demandInstance(list, store, instance);
    return windowsPage(place.windows, store.instances, instance, query, fault);
  }
  const query = readListQuery(list, place.instance, rawQuery, world.settings);
  if (query.instance !== undefined) demandInstance(list, store, query.instance);
  const totalCounts = list.isTotalAmbiguous ? world.settings.dcsTotal : "all";
  return listPage(list, store.select(query), query, totalCounts, fault, () => world.unseenId(name));
}

function answerInstances(
  world: World,
  owner: ServiceName,
  { version, ...place }: InstancesPlace,
  request: Request,
  fault: PageFault,
): Answer {
  const list = instanceListOf(owner);
  const { rawQuery } = splitUrl(request.url);
  demandCall(world, list, place, request);
  const { instances } = world.stores[owner];
  const records = instanceRecords(list, instances, world.settings.region, version);
  if (place.instance !== undefined) return instanceDetail(list, records, place.instance, rawQuery);
  const query = readInstanceQuery(list, rawQuery);
  return instancesPage(list, records, query, fault, () => world.unseenId(owner));
}

function answerRestorable(
  world: World,
  owner: ServiceName,
  { backup, call, ...place }: RestorablePlace,
  request: Request,
  fault: PageFault,
): Answer {
  const list = instanceListOf(owner);
  demandCall(world, list, place, request);
  const query = readRestorableQuery(list, call, backup, splitUrl(request.url).rawQuery);
  const store = world.stores[owner];
  const source = query.source ?? store.instanceOf(query.backup);
  if (source === undefined || (query.backup && !store.instanceOf(query.backup))) {
    // docs/apis/shared.md, Errors.
    throw serviceError(list, { status: 404, code: "DBS.201010" }, "The backup does not exist.");
  }
  demandInstance(SERVICES[owner], store, source);
  const { region } = world.settings;
  const records = instanceRecords(list, store.instances, region, "v3");
  return restorablePage(list, call, records, source, query, fault);
}

/** What every call to a service has to be, whatever it asks for. */
function demandCall(world: World, list: Refusing, place: FoundPlace, request: Request): void {
  if (place.isMalformed) throw wrong(list, "Malformed path.");
  demandMethod(request, "GET");
  demandProject(world, list, request, place.project);
}

function demandInstance(list: EmulatedList, store: Store, instance: string): void {
  if (store.instances.knows(instance)) return;
  // docs/apis/shared.md, Errors: each service's own way to say it, GeminiDB's a 403.
  throw serviceError(list, list.errors.instance, "The instance does not exist.");
}

/** What a path names. */
interface FoundPlace {
  project: string;
  /** Where the page's URI has one. */
  instance: string | undefined;
  /** Whether it isn't percent-encoded from some segment on. */
  isMalformed: boolean;
}

interface Place extends FoundPlace {
  /** As the version in the path has it. */
  list: EmulatedList;
  /** Of the restore windows' call; undefined for the list. */
  windows: WindowsCall | undefined;
}

interface InstancesPlace extends FoundPlace {
  version: string;
}

/** Undefined for a path that no page names. */
function placeOf(list: EmulatedList, path: string): Place | undefined {
  const ofInstance = ["{project}", "instances", "{instance}"];
  const shape = [
    "",
    list.version,
    ...(list.instance === "path" ? ofInstance : ["{project}"]),
    list.resource,
  ];
  const found = fit(shape, path);
  if (found !== undefined) return { ...found, list, windows: undefined };
  const { later, windows } = list;
  if (later !== undefined) return placeOf({ ...list, ...later, later: undefined }, path);
  if (windows === undefined) return undefined;
  const place = fit(["", windows.version, ...ofInstance, ...windows.resource], path);
  return place && { ...place, list, windows };
}

/** Of the list of a service's instances, or of one of them; undefined for a path that no page names. */
function placeOfInstances(list: InstanceList, path: string): InstancesPlace | undefined {
  const all = ["{project}", "instances"];
  const { detail } = list;
  const shapes = list.versions.map((version) => ({ version, rest: all }));
  if (detail) shapes.push({ version: detail.version, rest: [...all, "{instance}"] });
  for (const { version, rest } of shapes) {
    const place = fit(["", version, ...rest], path);
    if (place !== undefined) return { ...place, version };
  }
  return undefined;
}

interface RestorablePlace extends FoundPlace {
  call: RestorableCall;
  backup: string | undefined;
}

/** Of the instances that something can be restored onto; undefined for a path that no page names. */
function placeOfRestorable(list: InstanceList, path: string): RestorablePlace | undefined {
  const { restorable: call } = list;
  if (call === undefined) return undefined;
  // The instance's place in the path is the backup's here.
  const ofBackup = call.isOfBackup ? ["backups", "{instance}"] : [];
  const place = fit(["", "v3", "{project}", ...ofBackup, "restorable-instances"], path);
  return place && { ...place, call, backup: place.instance, instance: undefined };
}

/** What stands in the braces of a shape; undefined if the path has another shape. */
function fit(shape: readonly string[], path: string): FoundPlace | undefined {
  const segments = path.split("/");
  if (segments.length !== shape.length) return undefined;
  const found: Record<string, string> = {};
  for (const [index, expected] of shape.entries()) {
    const segment = decodeSegment(segments[index] ?? "");
    if (segment === undefined) return { project: "", instance: undefined, isMalformed: true };
    if (expected.startsWith("{")) found[expected] = segment;
    else if (segment !== expected) return undefined;
  }
  return { project: found["{project}"] ?? "", instance: found["{instance}"], isMalformed: false };
}

/** Who calls, and for which project. */
function demandProject(world: World, list: Refusing, request: Request, project: string): void {
  const { identity, settings } = world;
  const auth = carriedAuth(request.headers);
  let granted: string | undefined = settings.projectId; // Also the only one a token can have.
  if (auth === "signature") demandSignature(world, request);
  else if (auth === "token") {
    const token = identity.tokenOf(tokenIn(request));
    if (token === undefined) {
      // docs/apis/shared.md, Errors: 403 DBS.280056, on DCS 401 DCS.1001, for an invalid or expired token.
      throw serviceError(list, list.errors.token, "The token is invalid or has expired.");
    }
    granted = token.projectId;
  } else throw incorrectIam(request, "x-auth-token not found");
  // docs/apis/shared.md, Signing in: X-Project-Id is sent and signed. That it has to be the path's project,
  // and that a token of the domain opens no project, is a choice made here.
  const said = request.headers["x-project-id"];
  if (project !== granted || (said ?? project) !== project) {
    const message = "The project does not exist or you have no permission.";
    throw serviceError(list, list.errors.project, message);
  }
}

function demandSignature(
  { identity, settings }: Pick<World, "identity" | "settings">,
  request: Request,
): void {
  const reason = refuseSignature(request, (key) => identity.credentialOf(key), nowOf(settings));
  if (reason !== undefined) throw incorrectIam(request, reason);
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
