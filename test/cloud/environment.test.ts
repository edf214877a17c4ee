import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { Credentials } from "../../lib/cloud/credentials";
import { Cloud } from "../../lib/cloud/endpoints";
import { hasEnvironment, resolvePlace, resolveTarget } from "../../lib/cloud/environment";
import { Http } from "../../lib/cloud/http";
import { namesIn } from "../../lib/cloud/variables";
import { modeOf, pruneDaysIn } from "../../lib/lookup/mode";

const AK = { HW_ACCESS_KEY: "AK", HW_SECRET_KEY: "SK-secret" };
const OS_USER = { OS_USERNAME: "user", OS_PASSWORD: "pw-secret", OS_DOMAIN_NAME: "domain" };
const OTC_URL = { OS_AUTH_URL: "https://iam.eu-de.otc.t-systems.com/v3" };

describe("the environment", () => {
  test("HW_* alone is Huawei Cloud by access key", () => {
    const { cloud, account } = resolveTarget({}, { ...AK, HW_REGION_NAME: "cn-north-4" });
    expect(cloud.name).toBe("huaweicloud");
    expect(account).toMatchObject({
      iamUrl: "https://iam.cn-north-4.myhuaweicloud.com",
      region: "cn-north-4",
      credentials: { kind: "accessKey", accessKey: "AK", secretKey: "SK-secret" },
    });
  });

  test("HW_CLOUD may name the other cloud", () => {
    const env = { ...AK, HW_REGION_NAME: "eu-de", HW_CLOUD: "otc.t-systems.com" };
    expect(resolveTarget({}, env).cloud.name).toBe("otc");
  });

  test("HUAWEICLOUD_SDK_* stands behind HW_*", () => {
    const sdk = {
      HUAWEICLOUD_SDK_AK: "SDK",
      HUAWEICLOUD_SDK_SK: "SK",
      HUAWEICLOUD_SDK_PROJECT_ID: "p",
    };
    const alone = resolveTarget({ region: "cn-north-4" }, sdk).account;
    expect(alone).toMatchObject({ projectId: "p", credentials: { accessKey: "SDK" } });
    const both = resolveTarget({ region: "cn-north-4" }, { ...sdk, ...AK }).account;
    expect(both.credentials).toMatchObject({ accessKey: "AK" });
  });

  test("OS_* takes cloud and region from the address of its IAM", () => {
    const { cloud, account } = resolveTarget(
      {},
      { ...OS_USER, ...OTC_URL, OS_TENANT_NAME: "eu-de_prod" },
    );
    expect(cloud.name).toBe("otc");
    expect(account).toMatchObject({
      iamUrl: "https://iam.eu-de.otc.t-systems.com",
      region: "eu-de",
      projectName: "eu-de_prod",
      credentials: { kind: "password", userName: "user", domainName: "domain" },
    });
  });

  test("a token comes before an access key before a password", () => {
    const env = { ...OS_USER, ...OTC_URL, OS_ACCESS_KEY: "AK", OS_SECRET_KEY: "SK" };
    expect(resolveTarget({}, env).account.credentials.kind).toBe("accessKey");
    expect(resolveTarget({}, { ...env, OS_TOKEN: "t" }).account.credentials.kind).toBe("token");
  });

  test("the program's word comes first", () => {
    const settings = {
      cloud: Cloud.openTelekomCloud(),
      region: "eu-nl",
      credentials: Credentials.token("t"),
      projectId: "p",
    };
    const { cloud, account } = resolveTarget(settings, {
      ...AK,
      HW_REGION_NAME: "cn-north-4",
      HW_PROJECT_ID: "q",
    });
    expect(cloud.name).toBe("otc");
    expect(account).toMatchObject({
      region: "eu-nl",
      projectId: "p",
      credentials: { kind: "token" },
    });
    expect(account.projectName).toBeUndefined();
  });

  test("a project of the environment is not taken into another region", () => {
    const env = { ...AK, HW_REGION_NAME: "cn-north-4", HW_PROJECT_ID: "q" };
    expect(resolveTarget({ region: "cn-north-1" }, env).account.projectId).toBeUndefined();
    expect(resolveTarget({ region: "cn-north-4" }, env).account.projectId).toBe("q");
  });

  test("endpoints as JSON stand between the program's and the cloud's own", () => {
    const env = {
      ...AK,
      HW_REGION_NAME: "cn-north-4",
      CDKTF_BACKUPS_ENDPOINTS:
        '{"rds": "https://rds.env.example", "dcs": "https://dcs.env.example"}',
    };
    const { cloud } = resolveTarget(
      { cloud: Cloud.huaweiCloud({ dcs: "https://dcs.program.example" }) },
      env,
    );
    expect(cloud.endpoints).toMatchObject({
      rds: "https://rds.env.example",
      dcs: "https://dcs.program.example",
    });
  });

  test("endpoints as JSON and credentials of the program are enough", () => {
    const env = { CDKTF_BACKUPS_ENDPOINTS: '{"rds": "https://rds.example"}' };
    const settings = { credentials: Credentials.token("t"), projectId: "p" };
    expect(resolveTarget(settings, env).cloud.name).toBe("custom");
  });

  test("credentials from the environment are those of its variables", () => {
    const settings = { region: "cn-north-4", credentials: Credentials.fromEnvironment() };
    expect(resolveTarget(settings, AK).account.credentials).toMatchObject({ accessKey: "AK" });
  });

  test("where is known without as whom", () => {
    const place = resolvePlace({}, { HW_CLOUD: "otc.t-systems.com", HW_REGION_NAME: "eu-de" });
    expect([String(place.cloud), place.region]).toEqual(["Open Telekom Cloud", "eu-de"]);
  });

  test.each([
    ["https://iam.example.com/v3", "https://iam.example.com"],
    ["https://iam.example.com/v3/", "https://iam.example.com"],
    ["https://iam.example.com/v3/more", "https://iam.example.com/v3/more"],
  ])("of the address of IAM %s is %s", (OS_AUTH_URL, iamUrl) => {
    const settings = { cloud: Cloud.custom({}), projectId: "p" };
    const { cloud, account } = resolveTarget(settings, { ...OS_USER, OS_AUTH_URL });
    expect([cloud.name, account.iamUrl]).toEqual(["custom", iamUrl]);
  });

  test("a custom cloud needs no region where the project is named, and the others do", () => {
    const credentials = Credentials.token("t");
    const region = (settings: object) =>
      resolveTarget({ credentials, ...settings }, {}).account.region;
    const custom = Cloud.custom({});
    expect(region({ cloud: custom, projectName: "p" })).toBeUndefined();
    expect(region({ cloud: custom, projectId: "p" })).toBeUndefined();
    expect(() => region({ cloud: custom })).toThrow(/^NO_REGION/);
    expect(() => region({ cloud: Cloud.huaweiCloud(), projectId: "p" })).toThrow(/^NO_REGION/);
  });

  test("a project's name of the program is not completed by an id of the environment", () => {
    const env = { ...AK, HW_REGION_NAME: "cn-north-4", HW_PROJECT_ID: "q" };
    const { account } = resolveTarget({ projectName: "mine" }, env);
    expect([account.projectName, account.projectId]).toEqual(["mine", undefined]);
  });

  test("a CA is trusted whichever family signs in, and the metadata service has its address", () => {
    const env = { ...AK, HW_REGION_NAME: "cn-north-4", OS_CACERT: "/ca.pem" };
    expect(resolveTarget({}, env).account).toMatchObject({
      caFile: "/ca.pem",
      metadataUrl: "http://169.254.169.254",
    });
    expect(resolveTarget({ caFile: "/mine.pem" }, env).account.caFile).toBe("/mine.pem");
  });

  test("a blank variable counts as unset", () => {
    expect(hasEnvironment({ HW_ACCESS_KEY: " " })).toBe(false);
    expect(hasEnvironment({ OS_CACERT: "/ca.pem" })).toBe(false);
    // Where alone is not as whom.
    expect(hasEnvironment({ HW_REGION_NAME: "eu-de", OS_AUTH_URL: "https://x" })).toBe(false);
    expect(hasEnvironment({ HW_ACCESS_KEY: "half of them" })).toBe(true);
    expect(hasEnvironment({ OS_CLOUD: "prod" })).toBe(true);
    expect(hasEnvironment({ CDKTF_BACKUPS_ENDPOINTS: "{}" })).toBe(true);
  });
});

describe("who is meant by both families", () => {
  const HW_OTC = { HW_CLOUD: "otc.t-systems.com", HW_REGION_NAME: "eu-de" };
  const refused = (settings: object, env: { [name: string]: string }) => {
    try {
      return resolveTarget(settings, env).account.credentials.kind;
    } catch (error) {
      return /name different (.*?)\./.exec(String(error))?.[1];
    }
  };

  test.each([
    ["another key", { ...AK }, { OS_ACCESS_KEY: "AK2", OS_SECRET_KEY: "SK" }, "users"],
    ["the same key", { ...AK }, { OS_ACCESS_KEY: "AK", OS_SECRET_KEY: "SK" }, "accessKey"],
    ["another token", { HW_AUTH_TOKEN: "t" }, { OS_TOKEN: "u" }, "users"],
    ["the same token", { HW_AUTH_TOKEN: "t" }, { OS_TOKEN: "t" }, "token"],
    [
      "a token of a key's name",
      { HW_AUTH_TOKEN: "AK" },
      { OS_ACCESS_KEY: "AK", OS_SECRET_KEY: "S" },
      "users",
    ],
    [
      "the same user",
      { HW_USER_NAME: "user", HW_USER_PASSWORD: "x", HW_DOMAIN_NAME: "domain" },
      OS_USER,
      "password",
    ],
    [
      "a user of another domain",
      { HW_USER_NAME: "user", HW_USER_PASSWORD: "x", HW_DOMAIN_NAME: "d" },
      OS_USER,
      "users",
    ],
    [
      "another user",
      { HW_USER_NAME: "u", HW_USER_PASSWORD: "x", HW_DOMAIN_NAME: "domain" },
      OS_USER,
      "users",
    ],
    ["nobody", { ...AK }, { OS_USERNAME: "half" }, "accessKey"],
  ])("%s of one cloud: %j and %j come to %s", (_what, hw, os, expected) => {
    const env: { [name: string]: string } = { ...HW_OTC, ...hw, ...OTC_URL, ...os };
    expect(refused({}, env)).toBe(expected);
    expect(refused({ cloud: Cloud.openTelekomCloud() }, env)).toBe(expected);
    const credentials = Credentials.token("mine");
    expect(refused({ credentials }, env)).toBe("token");
  });

  test("other clouds are no trouble where the program chose one, or one has nothing", () => {
    const env = { ...AK, ...OTC_URL, OS_TOKEN: "t", HW_REGION_NAME: "eu-de" };
    expect(refused({}, env)).toBe("clouds and users");
    expect(refused({ credentials: Credentials.token("mine") }, env)).toBe("clouds");
    expect(refused({ credentials: Credentials.fromEnvironment() }, env)).toBe("clouds and users");
    expect(refused({ cloud: Cloud.huaweiCloud() }, env)).toBe("accessKey");
    expect(refused({ cloud: Cloud.openTelekomCloud() }, env)).toBe("token");
    expect(refused({ cloud: Cloud.custom({ iam: "https://x" }), projectId: "p" }, env)).toBe(
      "users",
    );
  });
});

describe("an environment that doesn't say enough", () => {
  const refuse = (settings: object, env: { [name: string]: string }) => {
    try {
      resolveTarget(settings, env);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  test("names the variables that were looked at and those that were found, never a value", () => {
    const message = refuse({}, { HW_ACCESS_KEY: "AK-value", HW_REGION_NAME: "cn-north-4" });
    expect(message).toMatch(
      /^NO_CREDENTIALS: .*looked at .*HW_SECRET_KEY.*OS_PASSWORD.*, which are not set, and found HW_ACCESS_KEY\)/,
    );
    expect(message).not.toContain("AK-value");
  });

  test("says which variables are of another cloud", () => {
    const hw = { ...AK, HW_REGION_NAME: "cn-north-4" };
    const cloud = Cloud.openTelekomCloud();
    expect(refuse({ cloud }, hw)).toMatch(
      /^NO_CREDENTIALS: .*\); the HW_\* variables \(HW_ACCESS_KEY, .*\) are of Huawei Cloud \(HW_CLOUD names no other\), so they have no say for Open Telekom Cloud\. /,
    );
    expect(refuse({ cloud: Cloud.huaweiCloud() }, { ...OS_USER, ...OTC_URL })).toMatch(
      /; the OS_\* variables \(OS_.*\) are of Open Telekom Cloud, so they have no say for Huawei Cloud\. /,
    );
    expect(refuse({ cloud }, { HW_CLOUD: "myhuaweicloud.com", ...AK })).toMatch(
      / are of Huawei Cloud, so they have no say /,
    );
  });

  test("asks for the cloud, the region or the credentials, whichever is missing", () => {
    expect(refuse({}, {})).toMatch(/^NO_CLOUD: .*looked at .*HW_CLOUD.*which are not set\)/);
    expect(refuse({ cloud: Cloud.openTelekomCloud() }, {})).toMatch(/^NO_CREDENTIALS: /);
    expect(refuse({}, AK)).toMatch(/^NO_REGION: /);
    expect(refuse({}, { ...OS_USER, OS_AUTH_URL: "https://iam.example.com/v3" })).toMatch(
      /^NO_CLOUD: /,
    );
  });

  test("is an error where HW_* and OS_* name different clouds or users, which names both", () => {
    const message = refuse({}, { ...AK, HW_REGION_NAME: "cn-north-4", ...OS_USER, ...OTC_URL });
    expect(message).toMatch(
      /^AMBIGUOUS_ENVIRONMENT: the HW_\* variables \(HW_ACCESS_KEY.*\) and the OS_\* variables \(OS_USERNAME.*\) name different clouds and users/,
    );
    expect(message).not.toMatch(/secret/);
  });

  test("is none where the program chose the cloud: the other family has nothing to say", () => {
    const env = { ...AK, HW_REGION_NAME: "cn-north-4", ...OS_USER, ...OTC_URL };
    const { account } = resolveTarget({ cloud: Cloud.openTelekomCloud() }, env);
    expect(account.credentials).toMatchObject({ userName: "user" });
    expect(account.region).toBe("eu-de");
  });

  test("is an error also where one of them has no credentials, if both name a cloud", () => {
    expect(refuse({}, { HW_CLOUD: "myhuaweicloud.com", ...OS_USER, ...OTC_URL })).toMatch(
      /^AMBIGUOUS_ENVIRONMENT: .*name different clouds/,
    );
  });

  test("never sends the program's password to the IAM of another cloud, nor asks its project", () => {
    const settings = {
      cloud: Cloud.openTelekomCloud(),
      region: "eu-de",
      credentials: Credentials.password({ userName: "u", password: "p", domainName: "d" }),
    };
    const env = { OS_AUTH_URL: "https://keystone.example:5000/v3", OS_PROJECT_ID: "foreign" };
    const { account } = resolveTarget(settings, env);
    expect(account.iamUrl).toBe("https://iam.eu-de.otc.t-systems.com");
    expect(account.projectId).toBeUndefined();
  });

  test("doesn't take a project name of one variable and an id of another", () => {
    const env = {
      ...AK,
      HW_REGION_NAME: "r",
      HW_PROJECT_NAME: "prod",
      HUAWEICLOUD_SDK_PROJECT_ID: "dev",
    };
    expect(resolveTarget({}, env).account).toMatchObject({ projectName: "prod" });
    expect(resolveTarget({}, env).account.projectId).toBeUndefined();
  });

  test("says which cloud HW_CLOUD may be", () => {
    expect(refuse({}, { ...AK, HW_CLOUD: "otc" })).toMatch(
      /^INVALID_CLOUD: HW_CLOUD is no cloud that is known\. .*otc\.t-systems\.com/,
    );
  });

  test("shows no password of an address that can't be read", () => {
    for (const text of [
      "https://user:hunter2@rds.example",
      '{"rds":"https://user:hunter2@x:99999"}',
    ]) {
      const message = refuse({}, { CDKTF_BACKUPS_ENDPOINTS: text });
      expect(message).toMatch(/^INVALID_ENDPOINT: /);
      expect(message).not.toContain("hunter2");
    }
  });

  test("is none where both families name the same cloud and user", () => {
    const env = {
      ...AK,
      HW_CLOUD: "otc.t-systems.com",
      HW_REGION_NAME: "eu-de",
      ...OTC_URL,
      OS_ACCESS_KEY: "AK",
      OS_SECRET_KEY: "SK-secret",
    };
    expect(resolveTarget({}, env).account.credentials).toMatchObject({ accessKey: "AK" });
  });

  test.each(["not json", "[]", "null", '"x"'])("refuses endpoints that are %s", (text) => {
    expect(refuse({}, { CDKTF_BACKUPS_ENDPOINTS: text })).toMatch(
      /^INVALID_ENDPOINT: CDKTF_BACKUPS_ENDPOINTS is not a JSON object/,
    );
  });

  const REGION =
    'Allowed is the id of a region, known at synthesis, such as "eu-de" or "cn-north-4".';
  const CLOUD =
    "Give `cloud: Cloud.openTelekomCloud()` or `Cloud.huaweiCloud()` to the BackupProvider, or set OS_AUTH_URL, HW_CLOUD or CDKTF_BACKUPS_ENDPOINTS; HW_ACCESS_KEY and HW_SECRET_KEY without these are Huawei Cloud's. To try it without a cloud there is BackupEmulator.";

  test.each<[object, { [name: string]: string }, string]>([
    [
      {},
      {},
      `NO_CLOUD: nothing says which cloud to ask (looked at CDKTF_BACKUPS_ENDPOINTS, HW_AUTH_URL, HW_CLOUD, OS_CLOUD, OS_AUTH_URL, which are not set). ${CLOUD}`,
    ],
    [
      {},
      { ...OS_USER, OS_AUTH_URL: "https://iam.example.com/v3" },
      `NO_CLOUD: the address of IAM in the OS_* variables is of no cloud that is known. ${CLOUD}`,
    ],
    [
      {},
      { HW_ACCESS_KEY: "AK-value", HW_USER_PASSWORD: "pw" },
      "NO_CREDENTIALS: no credentials were given and none found complete (looked at HW_SECRET_KEY, HW_AUTH_TOKEN, HW_USER_NAME, HW_DOMAIN_NAME, HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK, OS_CLOUD, OS_ACCESS_KEY, OS_SECRET_KEY, OS_TOKEN, OS_AUTH_TOKEN, OS_USERNAME, OS_PASSWORD, OS_USER_DOMAIN_NAME, OS_DOMAIN_NAME, which are not set, and found HW_ACCESS_KEY, HW_USER_PASSWORD). Set HW_ACCESS_KEY and HW_SECRET_KEY (or OS_ACCESS_KEY and OS_SECRET_KEY), a token, or user name, password and domain name; or give `credentials` to the BackupProvider. Keys in HW_* without HW_CLOUD or HW_AUTH_URL are Huawei Cloud's: for another set HW_CLOUD as well. To try it without a cloud there is BackupEmulator.",
    ],
    [
      {},
      AK,
      'NO_REGION: no region was given and none found (looked at HW_REGION_NAME, HW_AUTH_URL, OS_CLOUD, OS_REGION_NAME, OS_AUTH_URL, which are not set). Give `region: "eu-de"` to the BackupProvider, or set HW_REGION_NAME beside HW_* credentials, OS_REGION_NAME beside OS_*: the two are never mixed.',
    ],
    [
      {},
      { ...AK, HW_CLOUD: "x" },
      "INVALID_CLOUD: HW_CLOUD is no cloud that is known. Allowed are myhuaweicloud.com, myhuaweicloud.eu and otc.t-systems.com; for another cloud give Cloud.custom or CDKTF_BACKUPS_ENDPOINTS.",
    ],
    [{ region: "a b" }, AK, `INVALID_REGION: the region "a b" is none. ${REGION}`],
    [
      {},
      { ...AK, HW_REGION_NAME: "a b" },
      `INVALID_REGION: the region in the HW_* variables is none. ${REGION}`,
    ],
    [
      { region: "r".repeat(41) },
      AK,
      `INVALID_REGION: the region "${"r".repeat(41)}" is none. ${REGION}`,
    ],
    [
      { region: "-".repeat(81) + "." },
      AK,
      `INVALID_REGION: the region "${"-".repeat(80)}…" is none. ${REGION}`,
    ],
    [{ region: "" }, AK, `INVALID_REGION: the region "" is none. ${REGION}`],
    [{ region: "x\neu-de" }, AK, `INVALID_REGION: the region "x eu-de" is none. ${REGION}`],
    [
      {},
      { CDKTF_BACKUPS_ENDPOINTS: "[]" },
      'INVALID_ENDPOINT: CDKTF_BACKUPS_ENDPOINTS is not a JSON object (it has 2 characters). Allowed is an object of absolute URLs, such as {"rds": "https://rds.example.com"}.',
    ],
    [
      {},
      { ...AK, HW_REGION_NAME: "cn-north-4", ...OS_USER, ...OTC_URL },
      "AMBIGUOUS_ENVIRONMENT: the HW_* variables (HW_ACCESS_KEY, HW_SECRET_KEY, HW_REGION_NAME) and the OS_* variables (OS_USERNAME, OS_PASSWORD, OS_DOMAIN_NAME, OS_AUTH_URL) name different clouds and users. Unset one family, or choose in the program: `cloud` and `credentials` of the BackupProvider.",
    ],
  ])("%j with %j is told as a whole", (settings, env, message) => {
    expect(refuse(settings, env)).toBe(message);
  });

  test("refuses a region that would lead to another host", () => {
    expect(refuse({ cloud: Cloud.huaweiCloud(), region: "evil.example/#" }, AK)).toMatch(
      /^INVALID_REGION: /,
    );
  });
});

describe("clouds.yaml", () => {
  const folder = mkdtempSync(join(tmpdir(), "clouds-"));
  const file = join(folder, "clouds.yaml");
  const env = { OS_CLOUD: "prod", OS_CLIENT_CONFIG_FILE: file };
  writeFileSync(
    file,
    `clouds:
  prod:
    region_name: eu-nl
    cacert: /etc/ca.pem
    auth:
      auth_url: https://iam.eu-nl.otc.t-systems.com/v3
      username: alice
      password: "pw"
      user_domain_name: OTC-1
      project_name: eu-nl_prod
  keys:
    auth: {auth_url: "https://iam.eu-de.otc.t-systems.com/v3", ak: AK, sk: SK}
`,
  );

  test("gives the entry that OS_CLOUD names", () => {
    const { cloud, account } = resolveTarget({}, env);
    expect(cloud.name).toBe("otc");
    expect(account).toMatchObject({
      region: "eu-nl",
      projectName: "eu-nl_prod",
      caFile: "/etc/ca.pem",
      credentials: { kind: "password", userName: "alice", password: "pw", domainName: "OTC-1" },
    });
    const keys = resolveTarget({}, { ...env, OS_CLOUD: "keys" });
    expect(keys.account).toMatchObject({ region: "eu-de", credentials: { accessKey: "AK" } });
  });

  test("is not mixed with a stray token, key or project of the shell", () => {
    const stray = {
      OS_TOKEN: "stray",
      OS_ACCESS_KEY: "AK",
      OS_SECRET_KEY: "SK",
      OS_PROJECT_ID: "dev",
    };
    const { account } = resolveTarget({}, { ...env, ...stray });
    expect(account.credentials).toMatchObject({ kind: "password", userName: "alice" });
    expect(account).toMatchObject({ projectName: "eu-nl_prod" });
    expect(account.projectId).toBeUndefined();
  });

  test("is completed by a secure.yaml beside it and by the other OS_* variables", () => {
    const other = mkdtempSync(join(tmpdir(), "clouds-"));
    writeFileSync(
      join(other, "clouds.yaml"),
      "clouds: {prod: {auth: {auth_url: 'https://iam.eu-de.otc.t-systems.com/v3', username: bob}}}",
    );
    writeFileSync(join(other, "secure.yaml"), "clouds: {prod: {auth: {password: from-secure}}}");
    const { account } = resolveTarget(
      {},
      { OS_CLOUD: "prod", OS_CLIENT_CONFIG_FILE: join(other, "clouds.yaml"), OS_DOMAIN_NAME: "d" },
    );
    expect(account.credentials).toMatchObject({
      userName: "bob",
      password: "from-secure",
      domainName: "d",
    });
  });

  test("that is missing, broken, or has no such entry is an error that shows no line of it", () => {
    expect(() => resolveTarget({}, { ...env, OS_CLOUD: "test" })).toThrow(
      /^CLOUDS_YAML: .*clouds\.yaml has no cloud of the name in OS_CLOUD/,
    );
    expect(() =>
      resolveTarget({}, { ...env, OS_CLIENT_CONFIG_FILE: "/nowhere/clouds.yaml" }),
    ).toThrow(/^CLOUDS_YAML: .*looked at \/nowhere\/clouds.yaml/);
    const broken = join(folder, "broken.yaml");
    writeFileSync(broken, 'clouds:\n  prod:\n    auth: {password: "hunter2\n');
    const attempt = () => resolveTarget({}, { ...env, OS_CLIENT_CONFIG_FILE: broken });
    expect(attempt).toThrow(/^CLOUDS_YAML: .*can't be read as YAML \(line \d+\)/);
    expect(attempt).not.toThrow(/hunter2/);
  });

  test("is told as a whole where it is missing", () => {
    const ending = "Unset OS_CLOUD, or give the file's path in OS_CLIENT_CONFIG_FILE.";
    expect(() => resolveTarget({}, { ...env, OS_CLIENT_CONFIG_FILE: "/nowhere" })).toThrow(
      `CLOUDS_YAML: OS_CLOUD is set, but there is no clouds.yaml (looked at (of 8 characters)). ${ending}`,
    );
    expect(() => resolveTarget({}, { ...env, OS_CLOUD: "test" })).toThrow(
      `CLOUDS_YAML: ${file} has no cloud of the name in OS_CLOUD. Check OS_CLOUD and the file.`,
    );
    const folder = join(tmpdir(), "no.yaml");
    mkdirSync(folder, { recursive: true });
    expect(() => resolveTarget({}, { ...env, OS_CLIENT_CONFIG_FILE: folder })).toThrow(
      `CLOUDS_YAML: ${folder} can't be read as YAML. Mend the file, or unset OS_CLOUD.`,
    );
  });

  test("is looked for in the current folder, then at home, then in the system's", () => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    const atHome = join(home, ".config", "openstack");
    const asked = jest.spyOn(os, "homedir").mockReturnValue(home);
    const where = { OS_CLOUD: " prod " };
    const entry = (region: string) => `clouds: {prod: {region_name: ${region}, auth: {token: t}}}`;
    const region = () => resolveTarget({ cloud: Cloud.openTelekomCloud() }, where).account.region;
    try {
      expect(region).toThrow(
        `(looked at clouds.yaml, ${atHome}/clouds.yaml, /etc/openstack/clouds.yaml)`,
      );
      mkdirSync(atHome, { recursive: true });
      writeFileSync(join(atHome, "clouds.yaml"), entry("at-home"));
      expect(region()).toBe("at-home");
      writeFileSync("clouds.yaml", entry("here"));
      expect(region()).toBe("here");
    } finally {
      rmSync("clouds.yaml", { force: true });
      asked.mockRestore();
    }
  });

  test.each([
    ["a number", "7", "7"],
    ["a blank", '" "', undefined],
    ["a list", "[7]", undefined],
    ["nothing", "", undefined],
  ])("takes %s for a project's id as it is meant", (_what, value, projectId) => {
    const odd = join(folder, "numbers.yaml");
    const content = `clouds:\n prod:\n  project_id: ${value}\n  auth:\n   token: t\n`;
    writeFileSync(odd, content);
    const { account } = resolveTarget(
      { cloud: Cloud.openTelekomCloud(), region: "eu-de" },
      { ...env, OS_CLIENT_CONFIG_FILE: odd },
    );
    expect(account.projectId).toBe(projectId);
    expect(account.credentials).toEqual({ kind: "token", token: "t" });
  });

  test.each([
    "clouds",
    "- clouds",
    "clouds: [prod]",
    "clouds: {prod: [x]}",
    "clouds: {prod: }",
    "",
  ])("has no entry in %j", (content) => {
    const odd = join(folder, "none.yaml");
    writeFileSync(odd, content);
    expect(() => resolveTarget({}, { ...env, OS_CLIENT_CONFIG_FILE: odd })).toThrow(
      /has no cloud of the name/,
    );
  });

  test.each(["password: !hunter2", "password: !hunter2 x", "? {hunter2: 1}\n : 2", "%hunter2"])(
    "has the parser say nothing of %j",
    (line) => {
      const odd = join(folder, "odd.yaml");
      writeFileSync(odd, `clouds:\n  prod:\n    auth:\n     ${line}\n`);
      const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
      const attempt = () => resolveTarget({}, { ...env, OS_CLIENT_CONFIG_FILE: odd });
      expect(attempt).toThrow(/^(CLOUDS_YAML|NO_CLOUD|NO_CREDENTIALS): /);
      expect(attempt).not.toThrow(/hunter2/);
      expect(JSON.stringify(warned.mock.calls)).not.toContain("hunter2");
      warned.mockRestore();
    },
  );
});

describe("a secret that stands in the wrong variable", () => {
  const SECRET = "hunter2/Secret+value";
  const cloudsFile = join(mkdtempSync(join(tmpdir(), "clouds-")), "clouds.yaml");
  writeFileSync(cloudsFile, "clouds: {prod: {region_name: eu-de}}");
  const NAMES = namesIn(["own", "hw", "sdk", "os"]);
  const ROUND: { [name: string]: string }[] = [
    {},
    { HW_ACCESS_KEY: "AKAK", HW_SECRET_KEY: "SKSK", HW_REGION_NAME: "eu-de" },
    { ...OS_USER, ...OTC_URL },
    { OS_CLOUD: "prod" },
    { OS_CLIENT_CONFIG_FILE: cloudsFile },
    { HW_CLOUD: "otc.t-systems.com", HW_REGION_NAME: "eu-de", HW_AUTH_TOKEN: "tttt" },
  ];
  const SHAPES = [
    SECRET,
    "hunter2",
    `https://x/${SECRET}`,
    `https://x?token=${SECRET}`,
    `https://x#${SECRET}`,
    `https://u:hunter2@x`,
    `x://${SECRET}`,
    `hunter2:${SECRET}`,
    JSON.stringify({ rds: SECRET }),
    JSON.stringify({ rds: `https://x?token=${SECRET}` }),
    JSON.stringify({ rds: `https://x/%/${SECRET}` }),
    JSON.stringify({ rds: { token: SECRET } }),
    JSON.stringify({ rds: `http://x/${SECRET}` }),
  ];

  test.each(NAMES)("is in no error: %s", (name) => {
    for (const env of ROUND) {
      for (const shape of SHAPES) {
        for (const settings of [{}, { cloud: Cloud.huaweiCloud() }, { region: "eu-de" }]) {
          let text = "";
          try {
            const { account } = resolveTarget(settings, { ...env, [name]: shape });
            new Http(account.caFile);
          } catch (error) {
            text = inspect(error, { depth: 9, showHidden: true });
          }
          expect(text).not.toMatch(/hunter2|Secret\+value/);
        }
      }
    }
  });

  test.each(["CDKTF_BACKUPS_MODE", "CDKTF_BACKUPS_PRUNE_DAYS"])("is in no error: %s", (name) => {
    const read = [
      () => modeOf(undefined, { [name]: SECRET }),
      () => pruneDaysIn({ [name]: SECRET }),
    ];
    const thrown = read.map((each) => {
      try {
        return String(each());
      } catch (error) {
        return inspect(error, { depth: 9, showHidden: true });
      }
    });
    expect(thrown.join("\n")).toMatch(/INVALID_/);
    expect(thrown.join("\n")).not.toMatch(/hunter2|Secret\+value/);
  });
});
