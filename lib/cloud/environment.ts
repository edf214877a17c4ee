import { BackupsError, refusal } from "../model/errors";
import { excerpt } from "../model/text";
import { readCloudsYaml } from "./clouds-yaml";
import { CredentialData, Credentials } from "./credentials";
import { checkedEndpoints, Cloud, cloudOfHost, Endpoints, endpointUrl, hostIn } from "./endpoints";
import { Account } from "./sign-in";
import { Environment, value } from "./variables";

/** What the program says about where and as whom; the environment fills in the rest. */
export interface Settings {
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

/** What one family of variables says. Families are never mixed: half of each would be nobody. */
export interface Family {
  readonly label: string;
  /** The variables of it that are set; names, never values. */
  readonly found: string[];
  readonly cloud?: "otc" | "huaweicloud";
  /** Whether a variable names the cloud; where none does, HW_* means Huawei Cloud. */
  readonly isCloudNamed: boolean;
  readonly region?: string;
  readonly project: Project;
  readonly authUrl?: string;
  readonly caFile?: string;
  readonly credentials?: Account["credentials"];
}

/** By id or by name: what names it first names it alone. */
export interface Project {
  readonly projectId?: string;
  readonly projectName?: string;
}

export const ENDPOINTS_VARIABLE = "CDKTF_BACKUPS_ENDPOINTS";

const HW_NAMES = [
  "HW_ACCESS_KEY",
  "HW_SECRET_KEY",
  "HW_SECURITY_TOKEN",
  "HW_AUTH_TOKEN",
  "HW_USER_NAME",
  "HW_USER_PASSWORD",
  "HW_DOMAIN_NAME",
  "HW_REGION_NAME",
  "HW_PROJECT_ID",
  "HW_PROJECT_NAME",
  "HW_AUTH_URL",
  "HW_CLOUD",
  "HUAWEICLOUD_SDK_AK",
  "HUAWEICLOUD_SDK_SK",
  "HUAWEICLOUD_SDK_PROJECT_ID",
];
const OS_NAMES = [
  "OS_CLOUD",
  "OS_CLIENT_CONFIG_FILE",
  "OS_ACCESS_KEY",
  "OS_SECRET_KEY",
  "OS_SECURITY_TOKEN",
  "OS_TOKEN",
  "OS_AUTH_TOKEN",
  "OS_USERNAME",
  "OS_PASSWORD",
  "OS_USER_DOMAIN_NAME",
  "OS_DOMAIN_NAME",
  "OS_REGION_NAME",
  "OS_PROJECT_ID",
  "OS_PROJECT_NAME",
  "OS_TENANT_ID",
  "OS_TENANT_NAME",
  "OS_AUTH_URL",
  "OS_CACERT",
];
// These alone say neither where nor as whom.
const NOT_A_CHOICE = ["OS_CLIENT_CONFIG_FILE", "OS_CACERT"];
// Any of these says that somebody means to sign in.
const SIGNS_IN =
  /^(HW_(ACCESS|SECRET)_KEY|HW_AUTH_TOKEN|HW_USER_\w+|HUAWEICLOUD_SDK_[AS]K|OS_(ACCESS|SECRET)_KEY|OS_(AUTH_)?TOKEN|OS_USERNAME|OS_PASSWORD|OS_CLOUD)$/;

/**
 * Completes the settings.
 *
 * The program's word comes first. What it leaves open is taken from one family of variables: `HW_*`
 * (with `HUAWEICLOUD_SDK_*` behind it) or `OS_*` (the entry of clouds.yaml that OS_CLOUD names, with
 * the other `OS_*` behind it). Within a family a token comes before an access key before a password.
 */
export function resolveTarget(settings: Settings, env: Environment): Target {
  const { cloud, region, family } = place(settings, env);
  const credentials = credentialsFor(settings, family, env);
  const project = projectFor(settings, family);
  if (region === undefined && needsRegion(cloud, project)) {
    throw refusal(
      "NO_REGION",
      `no region was given and none found (${lookedAt(env, /REGION|AUTH_URL|OS_CLOUD/)})`,
      'Give `region: "eu-de"` to the BackupProvider, or set HW_REGION_NAME beside HW_* credentials, OS_REGION_NAME beside OS_*: the two are never mixed.',
    );
  }
  return {
    cloud,
    account: {
      iamUrl: endpointUrl(cloud, region, "iam"),
      metadataUrl: endpointUrl(cloud, region, "metadata") ?? "",
      region,
      ...project,
      credentials,
      caFile: settings.caFile ?? family?.caFile ?? value(env, "OS_CACERT"),
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
export function resolvePlace(settings: Settings, env: Environment): CloudPlace {
  const { cloud, region } = place(settings, env);
  return { cloud, region };
}

function place(settings: Settings, env: Environment) {
  const endpoints = endpointsOf(env);
  const families = [huaweiFamily(env), openStackFamily(env)].filter(
    (family): family is Family => family !== undefined && fits(family, settings.cloud),
  );
  const family = choose(families, settings);
  const cloud = cloudFor(settings, family, endpoints, env);
  return { cloud, region: checkedRegion(settings.region ?? family?.region), family };
}

/** Whether the environment holds credentials, be it half of them, or endpoints. */
export function hasEnvironment(env: Environment): boolean {
  return [ENDPOINTS_VARIABLE, ...HW_NAMES, ...OS_NAMES].some(
    (name) =>
      (name === ENDPOINTS_VARIABLE || SIGNS_IN.test(name)) && value(env, name) !== undefined,
  );
}

function huaweiFamily(env: Environment): Family | undefined {
  const found = HW_NAMES.filter((name) => value(env, name) !== undefined);
  if (found.length === 0) return undefined;
  const get = (name: string) => value(env, name);
  const authUrl = get("HW_AUTH_URL");
  const named = get("HW_CLOUD");
  return {
    label: "the HW_* variables",
    found,
    cloud:
      named === undefined && authUrl === undefined ? "huaweicloud" : cloudOfFamily(named, authUrl),
    isCloudNamed: named !== undefined || authUrl !== undefined,
    region: get("HW_REGION_NAME") ?? regionOf(authUrl),
    project: firstProject(
      { projectId: get("HW_PROJECT_ID"), projectName: get("HW_PROJECT_NAME") },
      { projectId: get("HUAWEICLOUD_SDK_PROJECT_ID") },
    ),
    authUrl,
    credentials: pickCredentials({
      token: get("HW_AUTH_TOKEN"),
      ...(get("HW_ACCESS_KEY") !== undefined
        ? {
            accessKey: get("HW_ACCESS_KEY"),
            secretKey: get("HW_SECRET_KEY"),
            securityToken: get("HW_SECURITY_TOKEN"),
          }
        : { accessKey: get("HUAWEICLOUD_SDK_AK"), secretKey: get("HUAWEICLOUD_SDK_SK") }),
      userName: get("HW_USER_NAME"),
      password: get("HW_USER_PASSWORD"),
      domainName: get("HW_DOMAIN_NAME"),
    }),
  };
}

function openStackFamily(env: Environment): Family | undefined {
  const found = OS_NAMES.filter((name) => value(env, name) !== undefined);
  if (found.every((name) => NOT_A_CHOICE.includes(name))) return undefined;
  const entry = readCloudsYaml(env);
  const variable = (...names: string[]) =>
    names.map((name) => value(env, name)).find((text) => text !== undefined);
  const authUrl = entry["auth_url"] ?? variable("OS_AUTH_URL");
  const variables: Pieces = {
    token: variable("OS_TOKEN", "OS_AUTH_TOKEN"),
    accessKey: variable("OS_ACCESS_KEY"),
    secretKey: variable("OS_SECRET_KEY"),
    securityToken: variable("OS_SECURITY_TOKEN"),
    userName: variable("OS_USERNAME"),
    password: variable("OS_PASSWORD"),
    domainName: variable("OS_USER_DOMAIN_NAME", "OS_DOMAIN_NAME"),
  };
  return {
    label: "the OS_* variables",
    found,
    cloud: authUrl === undefined ? undefined : cloudOfHost(hostIn(authUrl)),
    isCloudNamed: authUrl !== undefined,
    region: entry["region_name"] ?? variable("OS_REGION_NAME") ?? regionOf(authUrl),
    project: firstProject(
      { projectId: entry["project_id"], projectName: entry["project_name"] },
      {
        projectId: variable("OS_PROJECT_ID", "OS_TENANT_ID"),
        projectName: variable("OS_PROJECT_NAME", "OS_TENANT_NAME"),
      },
    ),
    authUrl,
    caFile: entry["cacert"] ?? variable("OS_CACERT"),
    credentials: pickCredentials(completed(entryPieces(entry), variables)),
  };
}

function entryPieces(entry: { [key: string]: string | undefined }): Pieces {
  return {
    token: entry["token"],
    accessKey: entry["ak"],
    secretKey: entry["sk"],
    securityToken: entry["security_token"],
    userName: entry["username"],
    password: entry["password"],
    domainName: entry["domain_name"],
  };
}

/**
 * The entry's own way of signing in, with what it lacks of that way from the variables: a password
 * that nobody wants in a file. A stray token or key of the shell is another user's.
 */
function completed(entry: Pieces, variables: Pieces): Pieces {
  const ways: (keyof Pieces)[][] = [
    ["token"],
    ["accessKey", "secretKey", "securityToken"],
    ["userName", "password", "domainName"],
  ];
  const own = ways.find((way) => way.some((piece) => entry[piece] !== undefined));
  if (!own) return variables;
  return Object.fromEntries(own.map((piece) => [piece, entry[piece] ?? variables[piece]]));
}

function firstProject(...projects: Project[]): Project {
  const { projectId, projectName } =
    projects.find((each) => each.projectId ?? each.projectName) ?? {};
  return projectId !== undefined ? { projectId } : { projectName };
}

type Pieces = Partial<
  Record<
    "token" | "accessKey" | "secretKey" | "securityToken" | "userName" | "password" | "domainName",
    string
  >
>;

/** The first way of signing in that is complete, checked as if the program had given it. */
function pickCredentials(pieces: Pieces): Account["credentials"] | undefined {
  const { token, accessKey, secretKey, securityToken, userName, password, domainName } = pieces;
  if (token) return reveal(Credentials.token(token));
  if (accessKey && secretKey) {
    return reveal(Credentials.accessKey({ accessKey, secretKey, securityToken }));
  }
  if (userName && password && domainName) {
    return reveal(Credentials.password({ userName, password, domainName }));
  }
  return undefined;
}

function reveal(credentials: Credentials): Account["credentials"] {
  return credentials._reveal() as Account["credentials"];
}

/**
 * A family that names another cloud than the program does has nothing to say: its IAM must never get
 * the program's password, its project is another one.
 */
function fits(family: Family, cloud: Cloud | undefined): boolean {
  if (!cloud || cloud.name === "custom") return true;
  return family.cloud === cloud.name || (family.cloud === undefined && !family.isCloudNamed);
}

function choose(families: Family[], settings: Settings): Family | undefined {
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

/** HW_CLOUD is the domain of the cloud, as in the vendor's Terraform provider. */
function cloudOfFamily(named: string | undefined, authUrl: string | undefined) {
  const cloud = named === undefined ? undefined : cloudOfHost(named);
  if (named !== undefined && cloud === undefined) {
    throw refusal(
      "INVALID_CLOUD",
      `HW_CLOUD is ${JSON.stringify(excerpt(named, 60))}, which is no cloud that is known`,
      "Allowed are myhuaweicloud.com, myhuaweicloud.eu and otc.t-systems.com; for another cloud give Cloud.custom or CDKTF_BACKUPS_ENDPOINTS.",
    );
  }
  return cloud ?? (authUrl === undefined ? undefined : cloudOfHost(hostIn(authUrl)));
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
  settings: Settings,
  family: Family | undefined,
  fromVariable: Endpoints | undefined,
  env: Environment,
): Cloud {
  const iam = family?.authUrl && { iam: family.authUrl.replace(/\/v3\/?$/, "") };
  const endpoints = { ...iam, ...fromVariable, ...settings.cloud?.endpoints };
  switch (settings.cloud?.name ?? family?.cloud) {
    case "otc":
      return Cloud.openTelekomCloud(endpoints);
    case "huaweicloud":
      return Cloud.huaweiCloud(endpoints);
    case "custom":
      return Cloud.custom(endpoints);
  }
  if (fromVariable !== undefined) return Cloud.custom(endpoints);
  throw refusal(
    "NO_CLOUD",
    family?.authUrl === undefined
      ? `nothing says which cloud to ask (${lookedAt(env, /CLOUD$|AUTH_URL|ENDPOINTS/)})`
      : `the address of IAM in ${family.label} is of no cloud that is known`,
    "Give `cloud: Cloud.openTelekomCloud()` or `Cloud.huaweiCloud()` to the BackupProvider, or set OS_AUTH_URL, HW_CLOUD or CDKTF_BACKUPS_ENDPOINTS.",
  );
}

function credentialsFor(
  settings: Settings,
  family: Family | undefined,
  env: Environment,
): Account["credentials"] {
  const given: CredentialData | undefined = settings.credentials?._reveal();
  if (given !== undefined && given.kind !== "environment") return given;
  if (family?.credentials) return family.credentials;
  throw refusal(
    "NO_CREDENTIALS",
    `no credentials were given and none found complete (${lookedAt(env, SIGNS_IN, /DOMAIN/)})`,
    "Set HW_ACCESS_KEY and HW_SECRET_KEY (or OS_ACCESS_KEY and OS_SECRET_KEY), a token, or user name, password and domain name; or give `credentials` to the BackupProvider. To try it without a cloud there is BackupEmulator.",
  );
}

/** The program's project wins whole: its name is not completed by the id of another. */
function projectFor(settings: Settings, family: Family | undefined): Project {
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

/** The region, or an error before anything is sent. */
export function checkedRegion(region: string | undefined): string | undefined {
  if (region === undefined || /^[A-Za-z0-9-]{1,40}$/.test(region)) return region;
  throw refusal(
    "INVALID_REGION",
    `the region ${JSON.stringify(excerpt(region, 60))} is none`,
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
    parsed = undefined;
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
function lookedAt(env: Environment, ...about: RegExp[]): string {
  const names = [ENDPOINTS_VARIABLE, ...HW_NAMES, ...OS_NAMES].filter((name) =>
    about.some((pattern) => pattern.test(name)),
  );
  const found = names.filter((name) => value(env, name) !== undefined);
  const missing = names.filter((name) => value(env, name) === undefined);
  return `looked at ${missing.join(", ")}, which are not set${found.length > 0 ? `, and found ${found.join(", ")}` : ""}`;
}

/** `iam.<region>.…`, which is how both clouds name their IAM in a region. */
function regionOf(authUrl: string | undefined): string | undefined {
  const host = authUrl === undefined ? "" : hostIn(authUrl);
  return /^iam\.([a-z]+-[a-z0-9-]+)\.(?:otc|myhuaweicloud)\./.exec(host)?.[1];
}
