// The vendor's lists as fast as a process can give them: pages are written once, signatures are not checked.
// Each service has a host of its own, that is, a port. It says where on its first line of output, and at
// `/` which requests have come since it was asked last.
//
// `node server.js '{"records": 1000, "latencyMs": 50}'`, with `"tls": {"key": …, "cert": …}` and
// `"quota": {"limit": 60, "windowMs": 60000}` as well.
const { createServer } = require("node:http");

const { records, latencyMs = 0, tls, quota } = JSON.parse(process.argv[2]);
const INSTANCE = "00000000000000000000000000000000in00";

const begin = Date.UTC(2026, 0, 1);
const hex = (i) => (i * 2654435761).toString(16).padStart(32, "0").slice(-32);
const time = (i) => new Date(begin - (i * 3_600_000) / 12).toISOString().slice(0, 19) + "+0000";

/** As the example responses of the pages have them. */
const database = (i) => ({
  id: `${hex(i)}br01`,
  instance_id: INSTANCE,
  name: `backup-of-orders-${i}`,
  description: "before the migration",
  type: i % 3 === 0 ? "manual" : "auto",
  begin_time: time(i),
  end_time: time(i - 1),
  size: 2803 + i,
  status: i % 10 === 9 ? "FAILED" : "COMPLETED",
  datastore: { type: "MySQL", version: "8.0" },
});
const dcs = (i) => ({
  backup_id: `${hex(i)}`,
  instance_id: INSTANCE,
  backup_name: `backup_${i}`,
  remark: "nightly",
  backup_type: i % 3 === 0 ? "manual" : "auto",
  status: i % 10 === 9 ? "failed" : "succeed",
  created_at: time(i).replace("+0000", ".000Z"),
  updated_at: time(i - 1).replace("+0000", ".000Z"),
  execution_at: time(i).replace("+0000", ".000Z"),
  is_support_restore: "TRUE",
  backup_format: "rdb",
  progress: "100.00",
  period: "00:00-01:00",
  size: 2803 + i,
});

const SERVICES = {
  gaussDb: { record: database, list: "backups", total: "total_count" },
  rds: { record: database, list: "backups", total: "total_count" },
  geminiDb: { record: database, list: "backups", total: "total_count" },
  taurusDb: { record: database, list: "backups", total: "total_count" },
  dcs: { record: dcs, list: "backup_record_response", total: "total_num", first: 1 },
};

const requests = [];
let window = { since: -Infinity, count: 0 };

/** Whether the quota of the one user has room for one more. */
function mayPass() {
  if (!quota) return true;
  const now = performance.now();
  if (now - window.since >= quota.windowMs) window = { since: now, count: 0 };
  return ++window.count <= quota.limit;
}

function pagesOf({ record, list, total, first = 0 }) {
  const texts = Array.from({ length: records }, (_, i) => JSON.stringify(record(i)));
  const pages = new Map();
  return (url) => {
    const offset = Number(url.searchParams.get("offset") ?? url.searchParams.get("start") ?? first);
    const limit = Number(url.searchParams.get("limit") ?? 100);
    const key = `${offset}/${limit}`;
    if (!pages.has(key)) {
      const page = texts.slice(offset - first, offset - first + limit);
      pages.set(key, `{"${list}":[${page.join(",")}],"${total}":${records}}`);
    }
    const asked =
      url.searchParams.get("instance_id") ?? /instances\/([^/]+)/.exec(url.pathname)?.[1];
    return asked === undefined ? pages.get(key) : pages.get(key).replaceAll(INSTANCE, asked);
  };
}

function serve(name, answer) {
  const handler = (request, response) => {
    const url = new URL(request.url, "http://127.0.0.1");
    if (url.pathname === "/") return response.end(JSON.stringify(requests.splice(0)));
    requests.push([name, request.url]);
    const isAllowed = mayPass();
    const text = isAllowed
      ? answer(url)
      : `{"error_code":"APIGW.0308","error_msg":"The throttling threshold has been reached: policy user over ratelimit,limit:${quota.limit},time:${quota.windowMs / 60_000} minute"}`;
    const send = () => {
      const headers = {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      };
      response.writeHead(isAllowed ? 200 : 429, headers);
      response.end(text);
    };
    if (latencyMs > 0) setTimeout(send, latencyMs);
    else send();
  };
  const server = tls
    ? require("node:https").createServer({ key: tls.key, cert: tls.cert }, handler)
    : createServer(handler);
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve(`${tls ? "https" : "http"}://127.0.0.1:${server.address().port}`),
    );
  });
}

const names = Object.keys(SERVICES);
Promise.all(names.map((name) => serve(name, pagesOf(SERVICES[name])))).then((urls) => {
  console.log(JSON.stringify(Object.fromEntries(names.map((name, i) => [name, urls[i]]))));
});
