// What can go wrong before a list is asked for: at IAM, with a token, with a clock.
import { MAX_TRIES } from "../../lib/cloud/retry";
import { Fault } from "../../lib/emulator/types";
import { Cell, CLEAN, forList, Row, testMatrix } from "./matrix";

const HOUR = 3_600_000;
const HTML = "<html><title>Sign in</title></html>";

const once = (fault: Fault) => () => [{ service: "iam", ...fault } as Fault];
const always = (fault: Fault) => once({ ...fault, times: -1 });
const byKey = ({ signIn }: Cell) => signIn === "access key";

const IAM: Row[] = [
  ...[
    ["is closed before the answer", { disconnect: "before" }],
    ["is reset in the midst of the answer", { disconnect: "midway", reset: true }],
  ].map(([how, fault]): Row => ({
    where: `the connection to IAM ${how as string}, once`,
    faults: once(fault as Fault),
    end: "complete",
    requests: CLEAN,
    signIns: 2,
  })),
  {
    where: "IAM answers 503 once",
    faults: once({ status: 503 }),
    end: "complete",
    requests: CLEAN,
    signIns: 2,
  },
  {
    where: "IAM answers 503 always",
    faults: always({ status: 503 }),
    end: "SERVICE_FAILED",
    requests: 0,
    signIns: MAX_TRIES,
  },
  {
    where: "IAM never answers",
    faults: always({ hang: true }),
    deadlineMs: 3_000,
    end: "DEADLINE_EXCEEDED",
    requests: 0,
  },
  {
    where: "IAM refuses",
    faults: always({
      status: 403,
      body: '{"error":{"code":403,"message":"x","title":"Forbidden"}}',
    }),
    end: (cell) => (byKey(cell) ? "NOT_PERMITTED" : "SIGN_IN_REFUSED"),
    requests: 0,
  },
  ...["", HTML, "{}", "null", "[]", '{"projects":null,"token":null}'].map((body): Row => ({
    where: `IAM answers ${body === HTML ? "by a sign-in page" : body || "nothing"}`,
    faults: always({ body }),
    end: "BAD_ANSWER",
    requests: 0,
  })),
  {
    where: "IAM leads elsewhere",
    faults: always({ status: 302, headers: { Location: "/elsewhere" } }),
    end: "UNEXPECTED_ANSWER",
    requests: 0,
  },
  {
    where: "an answer of IAM is larger than any",
    faults: always({ body: " ".repeat(17 * 1024 ** 2) }),
    isHeavy: true,
    end: "ANSWER_TOO_LARGE",
    requests: 0,
  },
  {
    where: "IAM names no project",
    faults: always({ status: 200, body: '{"projects":[],"token":{}}' }),
    // Without a header there is no token either.
    end: (cell) => (byKey(cell) ? "PROJECT_NOT_FOUND" : "BAD_ANSWER"),
    requests: 0,
  },
];

const TOKENS: Row[] = [
  {
    where: "the token is over after the first page",
    faults: (cell) => [forList(cell, { then: { op: "expireTokens" } })],
    end: "complete",
    requests: (cell) => (byKey(cell) ? CLEAN : 2 * CLEAN - 1),
    signIns: (cell) => (byKey(cell) ? 1 : 2),
  },
  {
    where: "every token is refused",
    faults: (cell) => [
      forList(cell, {
        status: 403,
        body: '{"error_code":"DBS.280056","error_msg":"The token is invalid."}',
        times: -1,
      }),
    ],
    // Who signs sends none.
    end: (cell) => (byKey(cell) ? "NOT_PERMITTED" : "TOKEN_REFUSED"),
    requests: (cell) => (byKey(cell) ? 1 : 2),
    signIns: (cell) => (byKey(cell) ? 1 : 2),
  },
  {
    where: "a signature is refused",
    faults: (cell) => [
      forList(cell, {
        status: 401,
        body: '{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: verify aksk signature fail, x-security-token:x"}',
        times: -1,
      }),
    ],
    end: (cell) => (byKey(cell) ? "SIGNATURE_REFUSED" : "TOKEN_REFUSED"),
    requests: (cell) => (byKey(cell) ? 1 : 2),
    signIns: (cell) => (byKey(cell) ? 1 : 2),
  },
];

/** The clocks differ by so much; a signature tells. */
const clock = (where: string, clockAheadMs: number): Row => ({
  where,
  config: { clockAheadMs },
  end: (cell) => (byKey(cell) ? "SIGNATURE_REFUSED" : "complete"),
  requests: (cell) => (byKey(cell) ? 0 : CLEAN),
});

const CLOCKS: Row[] = [
  clock("the cloud's clock is two hours ahead", 2 * HOUR),
  clock("the cloud's clock is two hours behind", -2 * HOUR),
  // By this machine's clock the token is over when it comes: the cloud takes it all the same.
  clock("the cloud's clock is two days behind", -48 * HOUR),
  {
    where: "a date is none",
    faults: (cell) => [forList(cell, { headers: { Date: "yesterday" }, times: -1 })],
    end: "complete",
    requests: CLEAN,
  },
];

testMatrix([...IAM, ...TOKENS, ...CLOCKS]);
