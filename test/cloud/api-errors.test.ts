import { HttpAnswer, readProblem, toError } from "../../lib/cloud/api-errors";

const answer = (status: number, text: string, headers: HttpAnswer["headers"] = {}): HttpAnswer => ({
  status,
  text,
  headers,
});
const service = (status: number, code: string, message = "…", isSigned = false) =>
  toError(
    answer(status, JSON.stringify({ error_code: code, error_msg: message })),
    "GET x",
    isSigned,
  );

describe("the shapes of an error", () => {
  test.each([
    ["a service's", '{"error_code":"DBS.200001","error_msg":"Bad"}', "DBS.200001", "Bad"],
    ["an older one", '{"errCode":"RDS.1102","externalMessage":"Bad"}', "RDS.1102", "Bad"],
    [
      "IAM's",
      '{"error":{"code":401,"message":"Wrong","title":"Unauthorized"}}',
      undefined,
      "Wrong",
    ],
    [
      "DCS's with more",
      '{"error_code":"DCS.1","error_msg":"Bad","error_ext_msg":"more"}',
      "DCS.1",
      "Bad (more)",
    ],
    ["HTML", "<html>\n<b>502</b></html>", undefined, "HTML or XML of 24 characters"],
    ["nothing", "", undefined, "an empty body"],
    ["a truncated one", '{"error_code":"DBS.2000', undefined, "JSON of 23 characters"],
    ["a list", "[1]", undefined, "JSON of 3 characters"],
    ["a code that is none", '{"error_code":"x y","error_msg":"Bad"}', undefined, "Bad"],
    ["odd types", '{"error_code":{},"error_msg":7}', undefined, "7"],
    ["a number for a code", '{"error_code":7,"error_msg":" Bad "}', "7", "Bad"],
    ["a blank message", '{"error_msg":" ","message":"Bad"}', undefined, "Bad"],
    ["a code between blanks", '{"code":" C.1 ","message":"Bad"}', "C.1", "Bad"],
    ["a blank code", '{"error_code":"","code":"C.1","error_msg":"Bad"}', "C.1", "Bad"],
    ["a list for an error", '{"error":["x"],"error_msg":"Bad"}', undefined, "Bad"],
    ["nothing for an error", '{"error":null,"error_msg":"Bad"}', undefined, "Bad"],
    ["a text for an error", '{"error":"x","error_msg":"Bad"}', undefined, "Bad"],
    ["null", "null", undefined, "a text of 4 characters"],
    ["a code of 64", `{"code":"${"c".repeat(64)}","message":"Bad"}`, "c".repeat(64), "Bad"],
    ["a code of 65", `{"code":"${"c".repeat(65)}","message":"Bad"}`, undefined, "Bad"],
    ["a code with a blank behind", '{"code":"C1 D","message":"Bad"}', undefined, "Bad"],
    ["a long one", `{"message":"${"m".repeat(301)}"}`, undefined, `${"m".repeat(300)}…`],
  ])("%s is read", (_what, text, serviceCode, message) => {
    expect(readProblem(answer(401, text))).toMatchObject({ serviceCode, message });
  });

  test("the request id is the header's, else the body's", () => {
    const text = '{"error_code":"APIGW.0301","error_msg":"x","request_id":"body"}';
    expect(readProblem(answer(401, text)).requestId).toBe("body");
    expect(readProblem(answer(401, text, { "x-request-id": "header" })).requestId).toBe("header");
    expect(readProblem(answer(401, text, { "x-request-id": "no id: y" })).requestId).toBe("body");
  });
});

describe("what an answer stands for", () => {
  test.each([
    [
      404,
      "DBS.200045",
      "Check the instance id, the region and the project. Where this stack creates the instance, `ifInstanceMissing: IfInstanceMissing.EMPTY` takes it for one without backups.",
    ],
    [
      403,
      "DBS.280015",
      "The service does not say which: check the instance id, the region and project, and that the user may list backups.",
    ],
    [404, "DBS.201010", "Check the backup id: it may have been deleted."],
    [
      401,
      "",
      "The token has expired or is of another project or region: fetch a new one, or give user and password, with which it is renewed.",
    ],
    [
      403,
      "",
      "The user needs the permission to list this service's backups in this project; docs/connecting.md names the least policy.",
    ],
    [
      429,
      "",
      "The cloud allows about 200 requests in five minutes: wait, ask for less (`within`), or give a longer `timeout`.",
    ],
    [400, "", "Check the ids and filters of the query against the vendor's page."],
    [404, "", "Check the region and the endpoint: this address knows no such list."],
    [500, "", "The service could not answer, several times: try again later."],
    [302, "", "Check the endpoint: this is no answer of the API."],
  ])("HTTP %d with %j has its advice", (status, code, advice) => {
    expect(service(status, code).details.advice).toBe(advice);
  });

  test("is told with what the service said, and with its code and id beside it", () => {
    const text = '{"error_code":"DBS.200050","error_msg":"No","request_id":"r1"}';
    expect(toError(answer(403, text), "GET x").details).toMatchObject({
      what: "GET x was answered by HTTP 403: DBS.200050 No",
      ...{ status: 403, serviceCode: "DBS.200050", requestId: "r1" },
    });
    expect(toError(answer(401, ""), "GET x").code).toBe("TOKEN_REFUSED");
    expect(toError(answer(500, ""), "GET x").details.what).toBe(
      "GET x was answered by HTTP 500: an empty body",
    );
  });

  test.each([
    [404, "DBS.200045", "INSTANCE_NOT_FOUND"],
    [403, "DBS.201028", "INSTANCE_NOT_FOUND"],
    [404, "DCS.3022", "INSTANCE_NOT_FOUND"],
    [404, "111404022", "INSTANCE_NOT_FOUND"],
    [403, "DBS.280015", "NOT_FOUND_OR_NOT_PERMITTED"],
    [404, "DBS.201010", "BACKUP_NOT_FOUND"],
    [403, "DBS.280056", "TOKEN_REFUSED"],
    [401, "DCS.1001", "TOKEN_REFUSED"],
    [401, "111401001", "TOKEN_REFUSED"],
    [401, "APIGW.0301", "TOKEN_REFUSED"],
    [403, "DBS.200050", "NOT_PERMITTED"],
    [429, "APIGW.0308", "THROTTLED"],
    [400, "DBS.280416", "REFUSED_BY_SERVICE"],
    [404, "APIGW.0101", "NOT_FOUND"],
    [500, "DBS.200998", "SERVICE_FAILED"],
    [404, "DBS.200002", "INSTANCE_NOT_FOUND"],
    [403, "DBS.200045", "INSTANCE_NOT_FOUND"],
    [404, "DBS.201028", "INSTANCE_NOT_FOUND"],
    [404, "DBS.280022", "INSTANCE_NOT_FOUND"],
    [404, "DBS.290005", "INSTANCE_NOT_FOUND"],
    [400, "DBS.290005", "REFUSED_BY_SERVICE"],
    [404, "DBS.200044", "NOT_FOUND_OR_NOT_PERMITTED"],
    [500, "DBS.201010", "SERVICE_FAILED"],
    [403, "APIGW.0301", "NOT_PERMITTED"],
    [500, "DBS.280056", "SERVICE_FAILED"],
    [400, "X.1", "REFUSED_BY_SERVICE"],
    [500, "DBS.200001", "REFUSED_BY_SERVICE"],
    [500, "DBS.200004", "REFUSED_BY_SERVICE"],
    [500, "DBS.280001", "REFUSED_BY_SERVICE"],
    [500, "DBS.280124", "REFUSED_BY_SERVICE"],
    [500, "DBS.280416", "REFUSED_BY_SERVICE"],
    [500, "DBS.280440", "REFUSED_BY_SERVICE"],
    [500, "DBS.280447", "REFUSED_BY_SERVICE"],
    [500, "DCS.4025", "REFUSED_BY_SERVICE"],
    [499, "X.1", "UNEXPECTED_ANSWER"],
    [302, "", "UNEXPECTED_ANSWER"],
  ])("HTTP %d with %s is %s", (status, code, expected) => {
    const error = service(status, code);
    expect(error.code).toBe(expected);
    expect(error.message).toContain(`GET x was answered by HTTP ${status}`);
    expect(error.details.advice).toMatch(/\w/);
  });

  test.each([
    [
      "Incorrect IAM authentication information: x-sdk-date signature expired",
      /The signature counts as expired: this machine's clock is more than 15 minutes off\./,
    ],
    [
      "Incorrect IAM authentication information: verify aksk signature fail",
      /The secret key does not belong to this access key, or a proxy changed the request\./,
    ],
    ["Verify the AK SK: wrong", /secret key does not belong/],
    ["verify aksk fail", /secret key does not belong/],
    ["Signature: wrong", /secret key does not belong/],
    [
      "Incorrect IAM authentication information: Get secretKey failed,ak not exist",
      /access key is unknown/,
    ],
    [
      "Incorrect IAM authentication information: canonicalRequest:GET|/v3/|x-security-token:***|, Get secretKey failed",
      /The access key is unknown here, or its security token is over: check it, and that it belongs to this cloud\./,
    ],
  ])("of a signed request APIGW.0301 tells apart: %s", (message, advice) => {
    const error = service(401, "APIGW.0301", message, true);
    expect(error.code).toBe("SIGNATURE_REFUSED");
    expect(error.message).toMatch(advice);
  });

  test.each([
    [401, "DCS.1001"],
    [403, "DBS.280056"],
    [401, ""],
  ])("of a signed request HTTP %d with %j is no refused token: it had none", (status, code) => {
    expect(service(status, code, "x-security-token", true).code).toBe("NOT_PERMITTED");
  });

  test("a token that the gateway can't decrypt is a refused token", () => {
    expect(
      service(401, "APIGW.0301", "Incorrect IAM authentication information: decrypt token fail")
        .code,
    ).toBe("TOKEN_REFUSED");
  });
});
