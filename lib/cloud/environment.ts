import { BackupsError, refusal } from "../model/errors";
import { shown } from "../model/text";
import { CredentialData, Credentials } from "./credentials";
import { checkedEndpoints, Cloud, Endpoints, endpointUrl } from "./endpoints";
import { familiesIn, Family, firstProject, Project } from "./families";
import { Account } from "./sign-in";
import { ENDPOINTS_VARIABLE, Environment, Field, namesIn, read, value } from "./variables";

/** What the program says about where and as whom; the environment fills in the rest. */
export interface ConnectionSettings {
  readonly cloud?: Cloud;
  readonly region?: string;
  readonly projectId?: string;
  readonly projectName?: string;
  readonly credentials?: Credentials;
  readonly caFile?: string;
  readonly language?: string;
}

/** Where the lookups go and as whom: the program's word first, then one family of variables. */
export interface Target {
  readonly cloud: Cloud;
  readonly account: Account;
}

const VARIABLES = ["own", "hw", "sdk", "os"] as const;
// Any of these says that somebody means to sign in.
const SIGNS_IN = ["accessKey", "secretKey", "token", "userName", "password", "entry"] as const;

/**
 * Completes the settings.
 *
 * The program's word comes first. What it leaves open is taken from one family of variables: `HW_*`
 * (with `HUAWEICLOUD_SDK_*` behind it) or `OS_*` (the entry of clouds.yaml that OS_CLOUD names, with
 * the other `OS_*` behind it). Within a family a token comes before an access key before a password.
 */
export function resolveTarget(settings: ConnectionSettings, env: Environment): Target {
  const { cloud, region, family } = place(settings, env);
  const credentials = credentialsFor(settings, cloud, family, env);
  const project = projectFor(settings, family);
  if (region === undefined && needsRegion(cloud, project)) {
    throw refusal(
      "NO_REGION",
      `no region was given and none found (${lookedAt(env, ["region", "authUrl", "entry"])})${unheard(cloud, env)}`,
      'Give `region: "eu-de"` to the BackupProvider, or set HW_REGION_NAME beside HW_* credentials, OS_REGION_NAME beside OS_*: the two are never mixed.',
    );
  }
  return {
    cloud,
    account: {
      iamUrl: endpointUrl(cloud, region, "iam"),
      metadataUrl: endpointUrl(cloud, region, "metadata")!,
      region,
      ...project,
      credentials,
      caFile: settings.caFile ?? family?.caFile ?? read("os", env).caFile,
      language: settings.language,
    },
  };
}

/** Which cloud is asked, and which of its regions. */
export interface CloudPlace {
  readonly cloud: Cloud;
  readonly region?: string;
}

/** Where the settings lead by that environment, whoever may ask there: no credentials are needed. */
export function resolvePlace(settings: ConnectionSettings, env: Environment): CloudPlace {
  const { cloud, region } = place(settings, env);
  return { cloud, region };
}

/** The family of variables that completes the settings. */
export function familyFor(settings: ConnectionSettings, env: Environment): Family | undefined {
  return place(settings, env).family;
}

/** Which families are of another cloud, as the end of a sentence; empty where none is. */
export function unheard(cloud: Cloud, env: Environment): string {
  const foreign = familiesIn(env).filter((family) => !fits(family, cloud));
  return foreign
    .map(({ cloud: own, found, isCloudNamed, label }) => {
      const whose = Cloud._named(own) ?? "another cloud";
      const unless = isCloudNamed ? "" : " (HW_CLOUD names no other)";
      return `; ${label} (${found.join(", ")}) are of ${whose}${unless}, so they have no say for ${cloud}`;
    })
    .join("");
}

function place(settings: ConnectionSettings, env: Environment) {
  const endpoints = endpointsOf(env);
  const families = familiesIn(env).filter((family) => fits(family, settings.cloud));
  const family = choose(families, settings);
  const cloud = cloudFor(settings, family, endpoints, env);
  const { region = family?.region } = settings;
  return {
    cloud,
    region: checkedRegion(region, settings.region === undefined ? family : undefined),
    family,
  };
}

/** Whether the environment holds credentials, be it half of them, or endpoints. */
export function hasEnvironment(env: Environment): boolean {
  return namesIn(VARIABLES, ["endpoints", ...SIGNS_IN]).some((name) => value(env, name));
}

/**
 * A family that names another cloud than the program does has nothing to say: its IAM must never get
 * the program's password, its project is another one.
 */
function fits(family: Family, cloud: Cloud | undefined): boolean {
  if (!cloud || cloud.name === "custom") return true;
  return family.cloud === cloud.name || (family.cloud === undefined && !family.isCloudNamed);
}

function choose(families: Family[], settings: ConnectionSettings): Family | undefined {
  const isChosen = settings.credentials && settings.credentials._reveal().kind !== "environment";
  const named = families.filter((family) => family.isCloudNamed);
  if (!settings.cloud && named.length > 1 && named[0]!.cloud !== named[1]!.cloud) {
    throw ambiguous(named as [Family, Family], ["clouds"]);
  }
  const [first, second] = isChosen ? families : families.filter((family) => family.credentials);
  if (!first || !second) return first ?? families[0];
  const differ = [
    ...(!settings.cloud && first.cloud !== second.cloud ? ["clouds"] : []),
    ...(!isChosen && userOf(first) !== userOf(second) ? ["users"] : []),
  ];
  if (differ.length === 0) return first;
  throw ambiguous([first, second], differ);
}

function ambiguous([first, second]: [Family, Family], differ: string[]): BackupsError {
  return refusal(
    "AMBIGUOUS_ENVIRONMENT",
    `${first.label} (${first.found.join(", ")}) and ${second.label} (${second.found.join(", ")}) name different ${differ.join(" and ")}`,
    "Unset one family, or choose in the program: `cloud` and `credentials` of the BackupProvider.",
  );
}

function userOf({ credentials }: Family): string {
  switch (credentials?.kind) {
    case "token":
      return `token ${credentials.token}`;
    case "accessKey":
      return `key ${credentials.accessKey}`;
    case "password":
      return `user ${credentials.userName} of ${credentials.domainName}`;
    default:
      return "";
  }
}

function cloudFor(
  settings: ConnectionSettings,
  family: Family | undefined,
  fromVariable: Endpoints | undefined,
  env: Environment,
): Cloud {
  const iam = family?.authUrl && { iam: family.authUrl.replace(/\/v3\/?$/, "") };
  const endpoints = { ...iam, ...fromVariable, ...settings.cloud?.endpoints };
  const named = Cloud._named(settings.cloud?.name ?? family?.cloud, endpoints);
  if (named) return named;
  if (fromVariable !== undefined) return Cloud.custom(endpoints);
  throw refusal(
    "NO_CLOUD",
    family?.authUrl === undefined
      ? `nothing says which cloud to ask (${lookedAt(env, ["cloud", "authUrl", "entry", "endpoints"])})`
      : `the address of IAM in ${family.label} is of no cloud that is known`,
    "Give `cloud: Cloud.openTelekomCloud()` or `Cloud.huaweiCloud()` to the BackupProvider, or set OS_AUTH_URL, HW_CLOUD or CDKTF_BACKUPS_ENDPOINTS; HW_ACCESS_KEY and HW_SECRET_KEY without these are Huawei Cloud's. To try it without a cloud there is BackupEmulator.",
  );
}

function credentialsFor(
  settings: ConnectionSettings,
  cloud: Cloud,
  family: Family | undefined,
  env: Environment,
): Account["credentials"] {
  const given: CredentialData | undefined = settings.credentials?._reveal();
  if (given !== undefined && given.kind !== "environment") return given;
  if (family?.credentials) return family.credentials;
  throw refusal(
    "NO_CREDENTIALS",
    `no credentials were given and none found complete (${lookedAt(env, [...SIGNS_IN, "domainName"])})${unheard(cloud, env)}`,
    "Set HW_ACCESS_KEY and HW_SECRET_KEY (or OS_ACCESS_KEY and OS_SECRET_KEY), a token, or user name, password and domain name; or give `credentials` to the BackupProvider. Keys in HW_* without HW_CLOUD or HW_AUTH_URL are Huawei Cloud's: for another set HW_CLOUD as well. To try it without a cloud there is BackupEmulator.",
  );
}

/** The program's project wins whole: its name is not completed by the id of another. */
function projectFor(settings: ConnectionSettings, family: Family | undefined): Project {
  const own = firstProject(settings);
  if (own.projectId !== undefined || own.projectName !== undefined) return own;
  // A project of the environment belongs to the environment's region.
  const isElsewhere = family?.region !== undefined && family.region !== settings.region;
  if (settings.region !== undefined && isElsewhere) return {};
  return family?.project ?? {};
}

function needsRegion(cloud: Cloud, project: { projectId?: string; projectName?: string }) {
  return cloud.name !== "custom" || (!project.projectId && !project.projectName);
}

/** The region, or an error before anything is sent; one of the environment is not shown. */
export function checkedRegion(region: string | undefined, family?: Family): string | undefined {
  const isText = typeof region === "string";
  if (region === undefined || (isText && /^[A-Za-z0-9-]{1,40}$/.test(region))) return region;
  throw refusal(
    "INVALID_REGION",
    `the region ${family ? `in ${family.label}` : shown(region)} is none`,
    'Allowed is the id of a region, known at synthesis, such as "eu-de" or "cn-north-4".',
  );
}

function endpointsOf(env: Environment): Endpoints | undefined {
  const text = value(env, ENDPOINTS_VARIABLE);
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Then it is undefined, which is refused below.
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    // Not shown: an address may hold a password.
    throw refusal(
      "INVALID_ENDPOINT",
      `${ENDPOINTS_VARIABLE} is not a JSON object (it has ${text.length} characters)`,
      'Allowed is an object of absolute URLs, such as {"rds": "https://rds.example.com"}.',
    );
  }
  return checkedEndpoints(parsed as Endpoints, ENDPOINTS_VARIABLE);
}

/** Names, never values. */
function lookedAt(env: Environment, fields: readonly Field[]): string {
  const names = namesIn(VARIABLES, fields);
  const found = names.filter((name) => value(env, name));
  const missing = names.filter((name) => !value(env, name));
  return `looked at ${missing.join(", ")}, which are not set${found.length > 0 ? `, and found ${found.join(", ")}` : ""}`;
}
