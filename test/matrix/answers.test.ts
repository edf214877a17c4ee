// What can be answered instead of a page.
import { MAX_TRIES } from "../../lib/cloud/retry";
import { Fault } from "../../lib/emulator/types";
import { Cell, CLEAN, forList, listKeys, pageOf, Row, testMatrix } from "./matrix";

const always = (fault: Fault) => (cell: Cell) => [forList(cell, { ...fault, times: -1 })];
const body = (make: (cell: Cell) => string) => (cell: Cell) => always({ body: make(cell) })(cell);

/** A page of these records, and a total that agrees. */
const pageWith = (...records: unknown[]) =>
  body((cell) => {
    const { list, total } = listKeys(cell);
    return JSON.stringify({ [list]: records, [total]: records.length });
  });

const HTML = "<html><head><title>Sign in</title></head><body>Please sign in.</body></html>";
const gateway = (code: string, text: string) =>
  JSON.stringify({ error_code: code, error_msg: text, request_id: "r-1" });

/** Where an answer is final, one request has to do. */
const final = (where: string, fault: Fault, end: Row["end"]): Row => ({
  where,
  faults: always(fault),
  end,
  requests: 1,
});

/** Where it may pass: once it costs a request, and in the end it is an error. */
const passing = (what: string, fault: Fault, end: string): Row[] => [
  {
    where: `${what} is answered, once`,
    faults: (cell) => [forList(cell, fault)],
    end: "complete",
    requests: CLEAN + 1,
  },
  { where: `${what} is answered, always`, faults: always(fault), end, requests: MAX_TRIES },
];

const REFUSED: Row[] = [
  ...passing(
    "500",
    { status: 500, body: gateway("DBS.200998", "System is busy.") },
    "SERVICE_FAILED",
  ),
  ...passing("502 in HTML", { status: 502, body: HTML }, "SERVICE_FAILED"),
  ...passing("503 without a body", { status: 503 }, "SERVICE_FAILED"),
  ...passing(
    "504",
    { status: 504, body: gateway("APIGW.0203", "Backend timeout.") },
    "SERVICE_FAILED",
  ),
  ...passing("408", { status: 408 }, "UNEXPECTED_ANSWER"),
  final("501 is answered", { status: 501 }, "SERVICE_FAILED"),
  final("400 is answered", { status: 400, body: gateway("DBS.280001", "x") }, "REFUSED_BY_SERVICE"),
  final("403 is answered", { status: 403, body: gateway("APIGW.0302", "x") }, "NOT_PERMITTED"),
  final("404 is answered in HTML", { status: 404, body: HTML }, "NOT_FOUND"),
  final("418 is answered", { status: 418, body: HTML }, "UNEXPECTED_ANSWER"),
  final(
    "404 of an instance is answered",
    { status: 404, body: gateway("DBS.200045", "x") },
    "INSTANCE_NOT_FOUND",
  ),
];

const ELSEWHERE: Row[] = [301, 302, 303, 307, 308].map((status) =>
  final(
    `${status} leads elsewhere`,
    { status, headers: { Location: "/elsewhere" } },
    "UNEXPECTED_ANSWER",
  ),
);

const NO_PAGE: Row[] = [
  ...[202, 204, 206, 304].map((status) =>
    final(`${status} is answered`, { status }, "UNEXPECTED_ANSWER"),
  ),
  final("a sign-in page is answered", { body: HTML }, "BAD_ANSWER"),
  ...["", "null", "[]", "0", '""', "{}", "[[[]]]", "NaN"].map((text) =>
    final(`the answer is ${text || "empty"}`, { body: text }, "BAD_ANSWER"),
  ),
  final(
    "an error is answered with status 200",
    { body: gateway("APIGW.0201", "Request entity too large.") },
    "BAD_ANSWER",
  ),
  {
    where: "the page ends too early, and its length agrees",
    faults: body((cell) => pageOf(cell, 3).slice(0, -5)),
    end: "BAD_ANSWER",
    requests: 1,
  },
  {
    where: "something follows the page",
    faults: body((cell) => `${pageOf(cell, 1)}{}`),
    end: "BAD_ANSWER",
    requests: 1,
  },
  {
    where: "the page begins with a byte order mark",
    count: () => 1,
    faults: body((cell) => `\ufeff${pageOf(cell, 1)}`),
    end: "complete",
    requests: 1,
  },
  final("the answer is nested deeply", { body: "[".repeat(100_000) }, "BAD_ANSWER"),
  final(
    "the answer is nested deeply, and closed",
    { body: `${"[".repeat(100_000)}${"]".repeat(100_000)}` },
    "BAD_ANSWER",
  ),
];

/** A record whose id is what the list calls it. */
const withId =
  (id: unknown, more: object = {}) =>
  (cell: Cell) => ({ [listKeys(cell).id]: id, ...more });

const NO_RECORDS: Row[] = [
  ...["null", "{}", '"x"', "5"].map((text): Row => ({
    where: `the list is ${text}`,
    faults: body((cell) => `{"${listKeys(cell).list}":${text},"${listKeys(cell).total}":1}`),
    end: "BAD_ANSWER",
    requests: 1,
  })),
  ...[null, 1, "x", [], {}].map((record): Row => ({
    where: `a record is ${JSON.stringify(record)}`,
    faults: pageWith(record),
    end: "BAD_ANSWER",
    requests: 1,
  })),
  ...[null, "", " ", {}, [], true, 2 ** 53].map((id): Row => ({
    where: `the id of a record is ${JSON.stringify(id)}`,
    faults: (cell) => pageWith(withId(id)(cell))(cell),
    end: "BAD_ANSWER",
    requests: 1,
  })),
  {
    where: "two records of a page have one id",
    faults: (cell) => pageWith(withId("b")(cell), withId("b ")(cell))(cell),
    end: "BAD_ANSWER",
    requests: 1,
  },
  {
    where: "a record is nested deeper than any",
    faults: (cell) => {
      const deep = `${'{"x":'.repeat(5_000)}1${"}".repeat(5_000)}`;
      const { id, list, total } = listKeys(cell);
      return body(() => `{"${list}":[{"${id}":"b","x":${deep}}],"${total}":1}`)(cell);
    },
    end: "BAD_ANSWER",
    requests: 1,
  },
  {
    where: "a record names __proto__ and constructor",
    count: () => 0,
    faults: (cell) => {
      const { id, list, total } = listKeys(cell);
      return body(() => `{"${list}":[{"${id}":"b","__proto__":{"x":1}}],"${total}":1}`)(cell);
    },
    becomes: (_records, cell) => [JSON.parse(`{"${listKeys(cell).id}":"b","__proto__":{"x":1}}`)],
    end: "complete",
    requests: 1,
  },
];

testMatrix([...REFUSED, ...ELSEWHERE, ...NO_PAGE, ...NO_RECORDS]);
