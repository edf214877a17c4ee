import { BackupsError, refusal } from "../model/errors";
import { BackupService, ServiceEndpoints } from "../model/service";
import { brand, isStruct } from "../model/shape";
import { SERVICES } from "../services/registry";
import { Hosts } from "../services/service";

/** Where the services and IAM are, as absolute URLs; each overrides what the cloud would give. */
export interface Endpoints extends ServiceEndpoints {
  /** Identity and Access Management: tokens and project ids. @default - the cloud's own */
  readonly iam?: string;
  /** The metadata service of a cloud server. @default "http://169.254.169.254" */
  readonly metadata?: string;
}

export type EndpointName = keyof Endpoints;

const HOSTS = new Map<EndpointName, Hosts>([
  ["iam", { otc: "iam", huaweicloud: "iam" }],
  ...Object.values(SERVICES).map(({ endpoint, hosts }): [EndpointName, Hosts] => [endpoint, hosts]),
]);
const ENDPOINT_NAMES: EndpointName[] = [...HOSTS.keys(), "metadata"];

/** Under which name the endpoint of a service stands. */
export function endpointOf(service: BackupService): keyof ServiceEndpoints {
  return SERVICES[service].endpoint;
}

/** Which cloud is asked, and where its services are. */
export class Cloud {
  /**
   * Open Telekom Cloud: `https://<service>.<region>.otc.t-systems.com`.
   * @param endpoints Addresses that are others than these.
   * @throws `INVALID_ENDPOINT` for an unknown name, or an address that is no plain https URL (http on
   * this machine alone).
   */
  public static openTelekomCloud(endpoints: Endpoints = {}): Cloud {
    return new Cloud("otc", "Open Telekom Cloud", endpoints);
  }

  /**
   * Huawei Cloud: `https://<service>.<region>.myhuaweicloud.com` (`.eu` in eu-west-101).
   * @param endpoints Addresses that are others than these.
   * @throws `INVALID_ENDPOINT` for an unknown name, or an address that is no plain https URL (http on
   * this machine alone).
   */
  public static huaweiCloud(endpoints: Endpoints = {}): Cloud {
    return new Cloud("huaweicloud", "Huawei Cloud", endpoints);
  }

  /**
   * A cloud with endpoints of its own; a service without one can't be asked.
   * @param endpoints All addresses that are needed; `iam` is for a password, or where no project id is given.
   * @throws `INVALID_ENDPOINT` for an unknown name, or an address that is no plain https URL (http on
   * this machine alone).
   */
  public static custom(endpoints: Endpoints): Cloud {
    return new Cloud("custom", "the custom cloud", endpoints);
  }

  /** The one of that name; undefined where there is none. @internal */
  public static _named(name: string | undefined, endpoints: Endpoints = {}): Cloud | undefined {
    switch (name) {
      case "otc":
        return Cloud.openTelekomCloud(endpoints);
      case "huaweicloud":
        return Cloud.huaweiCloud(endpoints);
      case "custom":
        return Cloud.custom(endpoints);
      default:
        return undefined;
    }
  }

  /** Stands for the cloud where lookups are compared: "otc", "huaweicloud" or "custom". */
  public readonly name: string;
  /** The endpoints that were given; the others follow from the region. */
  public readonly endpoints: Endpoints;
  private readonly label: string;

  private constructor(name: string, label: string, endpoints: Endpoints) {
    this.name = name;
    this.label = label;
    this.endpoints = checkedEndpoints(endpoints, "Cloud");
  }

  /** As a person reads it. */
  public toString(): string {
    return this.label;
  }
}

brand(Cloud, "Cloud");

/** The base URL of one service, without a slash at the end. */
export function endpointUrl(
  cloud: Cloud,
  region: string | undefined,
  name: EndpointName,
): string | undefined {
  const given = cloud.endpoints[name];
  if (given !== undefined) return given;
  if (name === "metadata") return "http://169.254.169.254";
  if (region === undefined) return undefined;
  const { otc, huaweicloud, elsewhere = {} } = HOSTS.get(name)!;
  if (cloud.name === "otc") return `https://${otc}.${region}.otc.t-systems.com`;
  if (cloud.name !== "huaweicloud") return undefined;
  const special = Object.keys(elsewhere).find((host) => elsewhere[host]!.includes(region));
  const top = region === "eu-west-101" ? "eu" : "com";
  return `https://${special ?? huaweicloud}.${region}.myhuaweicloud.${top}`;
}

/** Which cloud an address of its IAM belongs to. */
export function cloudOfHost(host: string): "otc" | "huaweicloud" | undefined {
  if (/(^|\.)otc\.t-systems\.com$/i.test(host)) return "otc";
  if (/(^|\.)myhuaweicloud\.(com|eu)$/i.test(host)) return "huaweicloud";
  return undefined;
}

/** The endpoints with every address checked, or an error that names the one that can't be. */
export function checkedEndpoints(endpoints: Endpoints, source: string): Endpoints {
  if (!isStruct(endpoints)) throw invalid(`${source} has no object of endpoints`);
  const checked: Partial<Record<EndpointName, string>> = {};
  for (const [name, address] of Object.entries(endpoints)) {
    if (!(ENDPOINT_NAMES as string[]).includes(name)) {
      // What is no word may be a secret that was put in the wrong place.
      const shown = /^[A-Za-z]{1,20}$/.test(name) ? `"${name}"` : `(of ${name.length} characters)`;
      throw invalid(`${source} names the endpoint ${shown}`);
    }
    if (address !== undefined) checked[name as EndpointName] = checkedUrl(name, address, source);
  }
  return checked;
}

function checkedUrl(name: string, address: unknown, source: string): string {
  const shown = `${source} gives ${name} the address ${shownAddress(address)}`;
  if (typeof address !== "string" || !URL.canParse(address)) throw invalid(shown);
  const url = new URL(address);
  if (url.username || url.password) {
    // Not shown: what stands before the @ is a secret.
    throw invalid(`${source} gives ${name} an address with a user or password in it`);
  }
  if (!isDecodable(url.pathname)) throw invalid(`${shown}, with a path that can't be decoded`);
  // Also where nothing follows them: what is put behind would be part of it.
  if (/[?#]/.test(url.href)) throw invalid(`${shown}, with a query or fragment`);
  // The metadata service has no https; any other service at such an address would be somebody else's.
  const isNear = name === "metadata" ? isLocal(url.hostname) : isThisMachine(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isNear)) {
    throw invalid(`${shown}, over which credentials would travel in the clear`);
  }
  return url.href.replace(/\/+$/, "");
}

/** Its host alone: what stands behind or before it, or in place of an address, may be a secret. */
function shownAddress(address: unknown): string {
  if (typeof address !== "string") {
    return typeof address === "object" ? "(an object)" : String(address);
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url && /^(https?|ftp):/.test(url.protocol)) {
    return JSON.stringify(`${url.protocol}//${url.host}${url.pathname === "/" ? "" : "/…"}`);
  }
  const isHost = /^([a-z\d-]+\.)+[a-z]{2,}$/.test(address) || address === "";
  return isHost ? JSON.stringify(address) : `(of ${address.length} characters)`;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

// What is longer than a name, in the path of an address, may be a gateway's token.
const TOKEN = /(?<=\/)[^/]{16,}/g;

/** What of an address's path may be a secret. */
export function tokensIn(baseUrl: string): string[] {
  return pathIn(baseUrl).match(TOKEN) ?? [];
}

/** An address as people may be shown it. */
export function shownUrl(baseUrl: string): string {
  const path = pathIn(baseUrl);
  return baseUrl.slice(0, baseUrl.length - path.length) + path.replace(TOKEN, "…");
}

/** As it ends an address that was checked. */
function pathIn(baseUrl: string): string {
  const { pathname } = URL.canParse(baseUrl) ? new URL(baseUrl) : { pathname: "/" };
  return pathname === "/" ? "" : pathname;
}

/** The host of an address; empty where it is none. */
export function hostIn(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname : "";
}

/** This machine, or the metadata service beside it: what no proxy can reach for us. */
export function isLocal(hostname: string): boolean {
  return isThisMachine(hostname) || /^169\.254\.\d+\.\d+$/.test(hostname);
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function invalid(what: string): BackupsError {
  return refusal(
    "INVALID_ENDPOINT",
    what,
    `Allowed are absolute https URLs (http only for this machine) under the names ${ENDPOINT_NAMES.join(", ")}, such as {"rds": "https://rds.eu-de.otc.t-systems.com"}.`,
  );
}
