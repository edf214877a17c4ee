import { refusal } from "../model/errors";
import { readCloudsYaml } from "./clouds-yaml";
import { Credentials } from "./credentials";
import { cloudOfHost, hostIn } from "./endpoints";
import { Account } from "./sign-in";
import { Environment, Field, namesIn, read, Said, Source, value } from "./variables";

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

interface Description extends Pick<Family, "label"> {
  /** The cloud that is meant where no variable names one. */
  readonly home?: Family["cloud"];
  readonly sources: readonly Source[];
  /** What counts first, and what stands behind it. */
  said(env: Environment): [own: Said, behind: Said];
  /** What of both signs in. */
  signIn(own: Said, behind: Said): Said;
}

const HUAWEI_CLOUD: Description = {
  label: "the HW_* variables",
  home: "huaweicloud",
  sources: ["hw", "sdk"],
  said: (env) => [read("hw", env), read("sdk", env)],
  // Whole: half of each key would be nobody's.
  signIn: (own, { accessKey, secretKey }) =>
    own.accessKey !== undefined ? own : { ...own, accessKey, secretKey, securityToken: undefined },
};

const OPENSTACK: Description = {
  label: "the OS_* variables",
  sources: ["os"],
  said: (env) => {
    const variables = read("os", env);
    return [read("yaml", readCloudsYaml(variables)), variables];
  },
  signIn: completed,
};

// These alone say neither where nor as whom.
const NO_CHOICE = namesIn(["os"], ["entryFile", "caFile"]);

/** The families of which something is set that says where or as whom. */
export function familiesIn(env: Environment): Family[] {
  return [HUAWEI_CLOUD, OPENSTACK].flatMap((each) => familyIn(env, each) ?? []);
}

function familyIn(env: Environment, description: Description): Family | undefined {
  const { label, sources } = description;
  const found = namesIn(sources).filter((name) => value(env, name));
  if (found.every((name) => NO_CHOICE.includes(name))) return undefined;
  const [own, behind] = description.said(env);
  const authUrl = own.authUrl ?? behind.authUrl;
  const isCloudNamed = own.cloud !== undefined || authUrl !== undefined;
  return {
    label,
    found,
    cloud: isCloudNamed ? cloudOf(own.cloud, authUrl) : description.home,
    isCloudNamed,
    region: own.region ?? behind.region ?? regionOf(authUrl),
    project: firstProject(own, behind),
    authUrl,
    caFile: own.caFile ?? behind.caFile,
    credentials: credentialsOf(description.signIn(own, behind)),
  };
}

export function firstProject(...projects: Project[]): Project {
  const { projectId, projectName } =
    projects.find((each) => each.projectId ?? each.projectName) ?? {};
  return projectId !== undefined ? { projectId } : { projectName };
}

const WAYS: readonly (readonly Field[])[] = [
  ["token"],
  ["accessKey", "secretKey", "securityToken"],
  ["userName", "password", "domainName"],
];

/**
 * The entry's own way of signing in, with what it lacks of that way from the variables: a password
 * that nobody wants in a file. A stray token or key of the shell is another user's.
 */
function completed(entry: Said, variables: Said): Said {
  const own = WAYS.find((way) => way.some((piece) => entry[piece] !== undefined));
  if (!own) return variables;
  return Object.fromEntries(own.map((piece) => [piece, entry[piece] ?? variables[piece]]));
}

/** The first way of signing in that is complete, checked as if the program had given it. */
function credentialsOf(said: Said): Account["credentials"] | undefined {
  const { token, accessKey, secretKey, securityToken, userName, password, domainName } = said;
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

/** HW_CLOUD is the domain of the cloud, as in the vendor's Terraform provider. */
function cloudOf(named: string | undefined, authUrl: string | undefined) {
  const cloud = named === undefined ? undefined : cloudOfHost(named);
  if (named !== undefined && cloud === undefined) {
    throw refusal(
      "INVALID_CLOUD",
      "HW_CLOUD is no cloud that is known",
      "Allowed are myhuaweicloud.com, myhuaweicloud.eu and otc.t-systems.com; for another cloud give Cloud.custom or CDKTF_BACKUPS_ENDPOINTS.",
    );
  }
  return cloud ?? (authUrl === undefined ? undefined : cloudOfHost(hostIn(authUrl)));
}

/** `iam.<region>.…`, which is how both clouds name their IAM in a region. */
function regionOf(authUrl: string | undefined): string | undefined {
  const host = authUrl === undefined ? "" : hostIn(authUrl);
  return /^iam\.([a-z]+-[a-z0-9-]+)\.(?:otc|myhuaweicloud)\./.exec(host)?.[1];
}
