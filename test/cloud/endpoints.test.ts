import {
  checkedEndpoints,
  Cloud,
  cloudOfHost,
  endpointOf,
  endpointUrl,
  hostIn,
  isLocal,
  shownUrl,
} from "../../lib/cloud/endpoints";
import { BackupService } from "../../lib/model/service";

const otc = Cloud.openTelekomCloud();
const huawei = Cloud.huaweiCloud();

describe("the hosts of a cloud", () => {
  // docs/apis/shared.md, Hosts.
  test.each([
    [otc, "eu-de", "iam", "https://iam.eu-de.otc.t-systems.com"],
    [otc, "eu-de", "rds", "https://rds.eu-de.otc.t-systems.com"],
    [otc, "eu-nl", "gaussDb", "https://gaussdb.eu-nl.otc.t-systems.com"],
    [otc, "eu-de", "taurusDb", "https://gaussdb-mysql.eu-de.otc.t-systems.com"],
    [otc, "eu-de", "geminiDb", "https://gaussdb-nosql.eu-de.otc.t-systems.com"],
    [otc, "eu-de", "dcs", "https://dcs.eu-de.otc.t-systems.com"],
    [huawei, "cn-north-4", "iam", "https://iam.cn-north-4.myhuaweicloud.com"],
    [huawei, "cn-north-4", "gaussDb", "https://gaussdb-opengauss.cn-north-4.myhuaweicloud.com"],
    [huawei, "me-east-1", "gaussDb", "https://gaussdb.me-east-1.myhuaweicloud.com"],
    [huawei, "me-east-1", "taurusDb", "https://gaussdbformysql.me-east-1.myhuaweicloud.com"],
    [huawei, "af-south-1", "taurusDb", "https://gaussdb-mysql.af-south-1.myhuaweicloud.com"],
    [huawei, "cn-north-4", "taurusDb", "https://gaussdb.cn-north-4.myhuaweicloud.com"],
    [huawei, "eu-west-101", "rds", "https://rds.eu-west-101.myhuaweicloud.eu"],
  ] as const)("%s in %s has %s at %s", (cloud, region, name, url) => {
    expect(endpointUrl(cloud, region, name)).toBe(url);
  });

  test("are overridden one by one", () => {
    const cloud = Cloud.huaweiCloud({ rds: "https://rds.example.com/base/" });
    expect(endpointUrl(cloud, "cn-north-4", "rds")).toBe("https://rds.example.com/base");
    expect(endpointUrl(cloud, "cn-north-4", "dcs")).toBe(
      "https://dcs.cn-north-4.myhuaweicloud.com",
    );
  });

  test("of a custom cloud are those that were given, and no others", () => {
    const cloud = Cloud.custom({ rds: "https://rds.example.com" });
    expect(endpointUrl(cloud, "eu-de", "rds")).toBe("https://rds.example.com");
    expect(endpointUrl(cloud, "eu-de", "dcs")).toBeUndefined();
  });

  test("are unknown without a region, but for those that were given and the metadata service", () => {
    const cloud = Cloud.openTelekomCloud({ rds: "https://rds.example.com" });
    expect(endpointUrl(cloud, undefined, "rds")).toBe("https://rds.example.com");
    expect(endpointUrl(cloud, undefined, "dcs")).toBeUndefined();
    expect(endpointUrl(cloud, undefined, "metadata")).toBe("http://169.254.169.254");
  });

  test("stand each under a name", () => {
    expect(endpointOf(BackupService.TAURUSDB)).toBe("taurusDb");
  });

  test("are of a cloud with a name", () => {
    expect([otc, huawei, Cloud.custom({})].map(String)).toEqual([
      ...["Open Telekom Cloud", "Huawei Cloud", "the custom cloud"],
    ]);
  });
});

describe("an endpoint", () => {
  test.each([
    ["rds.example.com", /gives rds the address "rds.example.com"/],
    ["http://rds.example.com", /credentials would travel in the clear/],
    ["http://169.254.169.254", /credentials would travel in the clear/],
    ["http://169.254.0.1/rds", /credentials would travel in the clear/],
    ["ftp://127.0.0.1", /credentials would travel in the clear/],
    ["https://rds.example.com?x=1", /with a query or fragment/],
    ["https://rds.example.com/v?", /with a query or fragment/],
    ["https://rds.example.com/#", /with a query or fragment/],
    ["", /gives rds the address ""/],
    [
      "https://rds.example.com/%/a",
      /the address "https:\/\/rds\.example\.com\/…", with a path that/,
    ],
    ["rds.example.com/x", /gives rds the address \(of 17 characters\)/],
    [{ a: 1 } as unknown as string, /gives rds the address \(an object\)/],
    [7 as unknown as string, /gives rds the address 7/],
    [null as unknown as string, /gives rds the address \(an object\)/],
    ["https://rds.example.com#x", /"https:\/\/rds\.example\.com", with a query or fragment/],
    [["https://rds.example.com"] as unknown as string, /the address \(an object\)/],
    ["http://rds.example.com/x", /"http:\/\/rds\.example\.com\/…", over which/],
    ["ftp://rds.example.com", /the address "ftp:\/\/rds\.example\.com", over which/],
    ["sftp://rds.example.com", /the address \(of 22 characters\), over which/],
    ["ftp://localhost", /credentials would travel in the clear/],
    ["rds.example.c", /the address \(of 13 characters\)/],
    ["x rds.example.com", /the address \(of 17 characters\)/],
    ["secret", /the address \(of 6 characters\)/],
    ["rds-2.example.com", /the address "rds-2\.example\.com"/],
  ])("%p is refused with its value and what is allowed", (address, message) => {
    expect(() => Cloud.custom({ rds: address })).toThrow(message);
    expect(() => Cloud.custom({ rds: address })).toThrow(
      /^INVALID_ENDPOINT: Cloud .*Allowed are absolute https URLs \(http only for this machine\) under the names iam, gaussDb, rds, geminiDb, dcs, taurusDb, dds, metadata, such as \{"rds": "https:\/\/rds\.eu-de\.otc\.t-systems\.com"\}\.$/,
    );
  });

  test.each(["user:hunter2", "hunter2", ":hunter2"])(
    "with %s@ in it is refused without showing it",
    (user) => {
      const attempt = () => Cloud.custom({ iam: `https://${user}@iam.example.com` });
      expect(attempt).toThrow(/Cloud gives iam an address with a user or password in it/);
      expect(attempt).not.toThrow(/hunter2/);
    },
  );

  test("has no slash at its end, however many it was given", () => {
    expect(Cloud.custom({ rds: "https://rds.example.com//a//" }).endpoints.rds).toBe(
      "https://rds.example.com//a",
    );
  });

  test("that is undefined is none", () => {
    expect(Cloud.custom({ rds: undefined }).endpoints).toEqual({});
  });

  test("under a name that is none is refused", () => {
    expect(() => checkedEndpoints({ ecs: "https://x" } as object, "X")).toThrow(
      /names the endpoint "ecs"/,
    );
  });

  test("under what may be a secret in the wrong place is refused without showing it", () => {
    const attempt = () => checkedEndpoints({ "MIIc-token/of=many": "https://x" } as object, "X");
    expect(attempt).toThrow(/^INVALID_ENDPOINT: X names the endpoint \(of 18 characters\)\. /);
  });

  test("is shown without what of its path may be a gateway's token", () => {
    const token = "0123456789abcdef";
    expect(shownUrl(`https://${token}.example.com/rds/${token}/v2`)).toBe(
      `https://${token}.example.com/rds/…/v2`,
    );
    expect(shownUrl("https://rds.example.com/0123456789abcde")).toMatch(/\/0123456789abcde$/);
    expect(shownUrl("https://rds.example.com")).toBe("https://rds.example.com");
  });

  test("on this machine may be http", () => {
    const metadata = "http://169.254.169.254";
    expect(Cloud.custom({ metadata }).endpoints.metadata).toBe(metadata);
    expect(Cloud.custom({ rds: "http://127.0.0.1:8080/rds" }).endpoints.rds).toBe(
      "http://127.0.0.1:8080/rds",
    );
  });

  test.each([
    ["localhost", true],
    ["[::1]", true],
    ["127.0.0.1", true],
    ["127.255.255.254", true],
    ["169.254.169.254", true],
    ["169.254.1.1", true],
    ["127.0.0.1.example.com", false],
    ["x127.0.0.1", false],
    ["169.254.1.1.example.com", false],
    ["x169.254.1.1", false],
    ["10.0.0.1", false],
  ])("of the host %s is near: %p", (host, isNear) => {
    expect(isLocal(host)).toBe(isNear);
  });

  test("has a host, and what is none has no host", () => {
    expect(hostIn("https://rds.example.com:8443/x")).toBe("rds.example.com");
    expect(hostIn("rds.example.com")).toBe("");
  });
});

describe("cloudOfHost", () => {
  test.each([
    ["iam.eu-de.otc.t-systems.com", "otc"],
    ["iam.cn-north-4.myhuaweicloud.com", "huaweicloud"],
    ["myhuaweicloud.eu", "huaweicloud"],
    ["OTC.T-Systems.com", "otc"],
    ["IAM.MyHuaweiCloud.com", "huaweicloud"],
    ["notc.t-systems.com", undefined],
    ["myhuaweicloud.com.evil.example", undefined],
    ["otc.t-systems.com.evil.example", undefined],
    ["notmyhuaweicloud.com", undefined],
  ])("%s is %s", (host, cloud) => {
    expect(cloudOfHost(host)).toBe(cloud);
  });
});
