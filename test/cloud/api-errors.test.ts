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
      /clock is more than 15 minutes off/,
    ],
    [
      "Incorrect IAM authentication information: verify aksk signature fail",
      /secret key does not belong/,
    ],
    [
      "Incorrect IAM authentication information: Get secretKey failed,ak not exist",
      /access key is unknown/,
    ],
    [
      "Incorrect IAM authentication information: canonicalRequest:GET|/v3/|x-security-token:***|, Get secretKey failed",
      /its security token is over/,
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
