// What is measured, a whole process each: `node app.js <what> <file with the settings>`.
//
// "import": cdktf alone, or with the library. "app": a stack with outputs, and nothing looked up. "fetch":
// the same app, which gets the pages by undici and parses them: the least that lookups can cost. "lookups":
// the same app with the library. With `isStackEach` every instance has a stack of its own. Ends by saying on
// descriptor 3 how much memory it had at most, in kB.
const { readFileSync, writeSync } = require("node:fs");
const { join } = require("node:path");

const [what, file] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(file, "utf8"));
const { endpoints, instances = 1, isStackEach = false, lists = [], outdir } = settings;
const LIBRARY = process.env.BENCH_LIBRARY ?? join(__dirname, "..", "..");

process.on("exit", () => {
  const { maxRSS } = process.resourceUsage();
  const modules = Object.keys(require.cache).length;
  writeSync(3, JSON.stringify({ maxRSS, modules }));
});

const idOf = (i) => `${String(i).padStart(32, "0")}in01`;

function stacksOf() {
  const { App, TerraformStack } = require("cdktf");
  const app = new App({ outdir, skipBackendValidation: true });
  const stack = isStackEach ? undefined : new TerraformStack(app, "stack");
  return { app, stackFor: (name) => stack ?? new TerraformStack(app, `stack-${name}`) };
}

function plain() {
  const { app, stackFor } = stacksOf();
  const { TerraformOutput } = require("cdktf");
  for (const list of lists) {
    for (let i = 0; i < instances; i++) {
      const value = { service: list, count: 3, latest: { id: idOf(i), kind: "manual" } };
      new TerraformOutput(stackFor(`${list}-${i}`), `${list}-${i}`, {
        value,
        description: "backups",
      });
    }
  }
  return app;
}

function lookups() {
  const { app, stackFor } = stacksOf();
  const library = require(LIBRARY);
  const { BackupProvider, Cloud, Credentials, Duration } = library;
  new BackupProvider(app, "provider", {
    cloud: Cloud.custom({ ...endpoints, iam: endpoints.rds }),
    region: "eu-de",
    projectId: "0123456789abcdef0123456789abcdef",
    credentials: Credentials.accessKey({ accessKey: "AKBENCH", secretKey: "secret-of-the-bench" }),
    timeout: Duration.minutes(10),
    lockFile: join(outdir, "..", "backups.lock.json"),
    caFile: settings.caFile,
    mode: settings.mode,
  });
  const { DcsBackups, GaussDbBackups, GeminiDbBackups, RdsBackups, TaurusDbIncrementalBackups } =
    library;
  const constructs = {
    gaussDb: GaussDbBackups,
    rds: RdsBackups,
    geminiDb: GeminiDbBackups,
    dcs: DcsBackups,
    taurusDb: TaurusDbIncrementalBackups,
  };
  for (const list of lists) {
    for (let i = 0; i < instances; i++) {
      new constructs[list](stackFor(`${list}-${i}`), `${list}-${i}`, { instanceId: idOf(i) });
    }
  }
  return app;
}

/** The pages that the library asks for, at the concurrency that it has, each parsed once. */
async function fetchAll() {
  const undici = process.env.BENCH_UNDICI ?? join(LIBRARY, "node_modules", "undici");
  const { Agent, request } = require(undici);
  const ca = settings.caFile && readFileSync(settings.caFile, "utf8");
  const dispatcher = new Agent({ connections: 8, pipelining: 1, connect: { ca } });
  const get = async (url) => {
    const { body } = await request(url, { dispatcher });
    return JSON.parse(await body.text());
  };
  const one = async ({ url, pages }, run) => {
    const asked = pages.map((page) => () => get(url + page));
    await run(asked[0]);
    await Promise.all(asked.slice(1).map(run));
  };
  const hosts = new Map();
  const runOn = (host) => {
    const queue = hosts.get(host) ?? { running: 0, waiting: [] };
    hosts.set(host, queue);
    return (job) =>
      new Promise((resolve, reject) => {
        const start = () => {
          queue.running++;
          job()
            .then(resolve, reject)
            .finally(() => {
              queue.running--;
              queue.waiting.shift()?.();
            });
        };
        if (queue.running < 8) start();
        else queue.waiting.push(start);
      });
  };
  await Promise.all(settings.plan.map((list) => one(list, runOn(list.host))));
}

if (what === "import") {
  require("cdktf");
  if (settings.library) require(LIBRARY);
} else if (what === "fetch") {
  const app = plain();
  fetchAll().then(() => app.synth());
} else {
  (what === "app" ? plain() : lookups()).synth();
}
