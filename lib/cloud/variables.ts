/** The variables of a process. */
export type Environment = { readonly [name: string]: string | undefined };

/** Whose names they are; `yaml` has the keys of an entry of clouds.yaml. */
export type Source = "own" | "hw" | "sdk" | "os" | "yaml";

export const ENDPOINTS_VARIABLE = "CDKTF_BACKUPS_ENDPOINTS";

// In the order in which messages name them. Of several names the first that is set counts.
const NAMES = {
  endpoints: { own: ENDPOINTS_VARIABLE },
  entry: { os: "OS_CLOUD" },
  entryFile: { os: "OS_CLIENT_CONFIG_FILE" },
  accessKey: { hw: "HW_ACCESS_KEY", sdk: "HUAWEICLOUD_SDK_AK", os: "OS_ACCESS_KEY", yaml: "ak" },
  secretKey: { hw: "HW_SECRET_KEY", sdk: "HUAWEICLOUD_SDK_SK", os: "OS_SECRET_KEY", yaml: "sk" },
  securityToken: { hw: "HW_SECURITY_TOKEN", os: "OS_SECURITY_TOKEN", yaml: "security_token" },
  token: { hw: "HW_AUTH_TOKEN", os: "OS_TOKEN OS_AUTH_TOKEN", yaml: "token" },
  userName: { hw: "HW_USER_NAME", os: "OS_USERNAME", yaml: "username" },
  password: { hw: "HW_USER_PASSWORD", os: "OS_PASSWORD", yaml: "password" },
  domainName: {
    hw: "HW_DOMAIN_NAME",
    os: "OS_USER_DOMAIN_NAME OS_DOMAIN_NAME",
    yaml: "user_domain_name domain_name",
  },
  region: { hw: "HW_REGION_NAME", os: "OS_REGION_NAME", yaml: "region_name" },
  projectId: {
    hw: "HW_PROJECT_ID",
    sdk: "HUAWEICLOUD_SDK_PROJECT_ID",
    os: "OS_PROJECT_ID OS_TENANT_ID",
    yaml: "project_id",
  },
  projectName: {
    hw: "HW_PROJECT_NAME",
    os: "OS_PROJECT_NAME OS_TENANT_NAME",
    yaml: "project_name",
  },
  authUrl: { hw: "HW_AUTH_URL", os: "OS_AUTH_URL", yaml: "auth_url" },
  cloud: { hw: "HW_CLOUD" },
  caFile: { os: "OS_CACERT", yaml: "cacert" },
};

/**
 * The path of a file that can't be read, for a message. Of what has not the ending of such a file nothing
 * is shown, as of no variable's value: it may be a secret that stands in the wrong one.
 */
export function shownPath(path: string): string {
  return /\.(pem|crt|cer|ya?ml)$/i.test(path) ? path : `(of ${path.length} characters)`;
}

/** What can be said of where and as whom. */
export type Field = keyof typeof NAMES;

/** What was found, by field. */
export type Said = { readonly [field in Field]?: string };

const FIELDS = Object.keys(NAMES) as Field[];

/** The names of these fields, source by source. */
export function namesIn(sources: readonly Source[], fields: readonly Field[] = FIELDS): string[] {
  return sources.flatMap((source) =>
    FIELDS.filter((field) => fields.includes(field)).flatMap((field) => namesOf(field, source)),
  );
}

/** What stands under the names of a source: in the environment, or in an entry. */
export function read(source: Source, values: Environment): Said {
  const first = (field: Field) =>
    namesOf(field, source)
      .map((name) => value(values, name))
      .find(Boolean);
  return Object.fromEntries(FIELDS.map((field) => [field, first(field)]));
}

/** A variable that is set and not blank. */
export function value(env: Environment, name: string): string | undefined {
  const text = env[name];
  return text === undefined || text.trim() === "" ? undefined : text;
}

function namesOf(field: Field, source: Source): string[] {
  const names: { readonly [source in Source]?: string } = NAMES[field];
  return names[source]?.split(" ") ?? [];
}
