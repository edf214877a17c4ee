import { CloudClient } from "../cloud/client";
import { endpointUrl } from "../cloud/endpoints";
import {
  ConnectionSettings,
  familyFor,
  resolvePlace,
  resolveTarget,
  Target,
  unheard,
} from "../cloud/environment";
import { familiesIn, Family } from "../cloud/families";
import { PROXY_NAMES } from "../cloud/http";
import { Queues } from "../cloud/queue";
import { Reading } from "../cloud/reading";
import { Environment, Field, namesIn, value } from "../cloud/variables";
import { BackupsError, refusal } from "../model/errors";
import { Instance } from "../model/instance";
import { Outcome } from "../model/outcome";
import { BackupService } from "../model/service";
import { checkClock } from "../query/clock";
import { checkedQuery } from "../query/query";
import { instancesOf } from "../query/question";
import { humanTime } from "../restore/decision";
import { Page, Paging, parsePage } from "../services/paging";
import { FIND_PROJECT } from "../services/policy";
import { Records } from "../services/records";
import { fullListOf, listOf, SERVICES } from "../services/registry";
import { ListRequest } from "../services/service";

/** What one look came to. */
export interface Check {
  /** "sign-in", "rds backups": stable, for programs. */
  readonly name: string;
  readonly verdict: "ok" | "failed" | "skipped";
  readonly what: string;
  readonly problem?: BackupsError;
  readonly host?: string;
  readonly latencyMs?: number;
  /** By the names that there are for it: what a user must be allowed to do. */
  readonly actions?: readonly string[];
}

/** What was looked at, in order, and whether anything could be asked at all. */
export interface Examination {
  readonly checks: readonly Check[];
  readonly isAsked: boolean;
}

/** Of instances as many as this, where one is needed: the first may be one that has no backups. */
const SEVERAL = 20;

/** Looks at all that a lookup needs, one after the other, and at the services side by side. */
export async function examine(
  settings: ConnectionSettings,
  services: readonly BackupService[],
  timeoutMs: number,
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<Examination> {
  const checks = [foundIn(env), placeIn(settings, env), credentialsIn(settings, env)];
  if (checks.some(({ verdict }) => verdict !== "ok")) return { checks, isAsked: false };
  let target: Target | undefined;
  let client: CloudClient | undefined;
  const network = look("network", () => {
    target = resolveTarget(settings, env);
    client = new CloudClient(target.account, new Queues(tell));
    return { what: networkIn(settings.caFile ?? target.account.caFile, env) };
  });
  checks.push(network);
  if (!target || !client) return { checks, isAsked: false };
  const asked = await new Visit(target, client, new Reading(timeoutMs)).all(services);
  return {
    checks: [...checks, ...asked],
    isAsked: !asked.slice(0, 2).some(({ problem }) => problem?.code === "NO_ENDPOINT"),
  };
}

/** By their names alone. */
function foundIn(env: Environment): Check {
  const names = namesIn(["own", "hw", "sdk", "os"]).filter((name) => value(env, name));
  return names.length > 0
    ? { name: "environment", verdict: "ok", what: `found ${names.join(", ")}` }
    : { name: "environment", verdict: "failed", what: "none of the variables is set" };
}

function placeIn(settings: ConnectionSettings, env: Environment): Check {
  return look("cloud", () => {
    const { cloud, region } = resolvePlace(settings, env);
    if (region === undefined && cloud.name !== "custom") {
      throw refusal("NO_REGION", `no region of ${cloud} is named${unheard(cloud, env)}`);
    }
    const iam = endpointUrl(cloud, region, "iam");
    const own = Object.keys(cloud.endpoints).filter((name) => name !== "iam");
    return {
      what: [
        String(cloud),
        region ? `region ${region}` : "no region",
        iam ? `IAM at ${hostOf(iam)}` : "no address of IAM",
        ...(own.length > 0 ? [`own addresses of ${own.join(", ")}`] : []),
      ].join(", "),
    };
  });
}

const WAYS: readonly (readonly Field[])[] = [
  ["accessKey", "secretKey"],
  ["userName", "password", "domainName"],
];

function credentialsIn(settings: ConnectionSettings, env: Environment): Check {
  return look("credentials", () => {
    const first = signingIn(settings, env);
    if (first?.credentials) {
      const others = familiesIn(env).filter(({ label }) => label !== first.label);
      const kind = { token: "a token", accessKey: "an access key", password: "a password" };
      const ignored = others.map(
        ({ found, label }) => `${label} (${found.join(", ")}) have no say`,
      );
      const of = kind[first.credentials.kind as keyof typeof kind];
      return { what: [`${of} of ${first.label}`, ...ignored].join("; ") };
    }
    const halves = (["hw", "sdk", "os"] as const).flatMap((source) =>
      WAYS.flatMap((way) => {
        const names = way.map((field) => namesIn([source], [field])).filter((each) => each.length);
        const isSet = (each: string[]) => each.some((name) => value(env, name));
        const missing = names.filter((each) => !isSet(each)).map(([name]) => name);
        const found = names.flatMap((each) => each.find((name) => value(env, name)) ?? []);
        return found.length > 0 && missing.length > 0
          ? [`${found.join(" and ")} without ${missing.join(" and ")}`]
          : [];
      }),
    );
    const why = halves.length > 0 ? `: there is ${halves.join("; ")}` : "";
    const { cloud } = Outcome.of(() => resolvePlace(settings, env)).value ?? {};
    const foreign = cloud ? unheard(cloud, env) : "";
    throw refusal("NO_CREDENTIALS", `no credentials were found complete${why}${foreign}`);
  });
}

/** What signs in; where it is not known which cloud is asked, what would. */
function signingIn(settings: ConnectionSettings, env: Environment): Family | undefined {
  const { problem, value } = Outcome.of(() => familyFor(settings, env));
  return problem ? familiesIn(env).find(({ credentials }) => credentials) : value;
}

function networkIn(caFile: string | undefined, env: NodeJS.ProcessEnv): string {
  const proxies = [...PROXY_NAMES, "no_proxy", "NO_PROXY"].filter((name) => env[name]);
  const authorities = [
    ...(caFile ? ["a CA file"] : []),
    ...(env["NODE_EXTRA_CA_CERTS"] ? ["NODE_EXTRA_CA_CERTS"] : []),
  ];
  return [
    proxies.length > 0 ? `through a proxy by ${proxies.join(", ")}` : "no proxy",
    authorities.length > 0 ? `trusting ${authorities.join(" and ")} besides` : "no CA besides",
  ].join(", ");
}

/** What is asked of one cloud, as one user, until the time is up. */
class Visit {
  constructor(
    private readonly target: Target,
    private readonly client: CloudClient,
    private readonly reading: Reading,
  ) {}

  /** The sign-in first, the project, the clock, then each service. */
  public async all(services: readonly BackupService[]): Promise<Check[]> {
    const signIn = await this.signIn();
    const isIn = signIn.verdict === "ok";
    const project = isIn ? await this.project() : skipped("project", "nobody is signed in");
    const isFound = project.verdict === "ok";
    const answers = await Promise.all(
      services.map((service) =>
        isFound ? this.service(service) : [skipped(service, "there is no project to ask")],
      ),
    );
    const asked = [project, ...answers.flat()];
    return [this.proved(signIn, asked), project, this.clock(), ...answers.flat()];
  }

  private async signIn(): Promise<Check> {
    return this.look("sign-in", async () => {
      await this.client.authenticate(this.reading);
      const { credentials } = this.target.account;
      const who = {
        token: "by the token as it is",
        accessKey: "by the access key, which signs each request",
        metadata: "by the temporary key of this cloud server",
        password: "",
      }[credentials.kind];
      if (credentials.kind !== "password") return { what: who };
      return { what: `as user ${credentials.userName} of domain ${credentials.domainName}` };
    });
  }

  /** A token and a key are proved by the first answer that takes them. */
  private proved(signIn: Check, asked: readonly Check[]): Check {
    const refused = asked.find(({ problem }) =>
      ["SIGNATURE_REFUSED", "TOKEN_REFUSED"].includes(problem?.code ?? ""),
    );
    const isTaken = asked.some(
      ({ latencyMs, verdict }) => verdict === "ok" && latencyMs !== undefined,
    );
    if (!refused || isTaken || signIn.verdict !== "ok") return signIn;
    return { ...signIn, verdict: "failed", what: `${signIn.what}: refused` };
  }

  private async project(): Promise<Check> {
    const { projectId, projectName, region } = this.target.account;
    if (projectId !== undefined) {
      await this.client.findProject(this.reading);
      return { name: "project", verdict: "ok", what: `${projectId}, as it was given` };
    }
    const check = await this.look("project", async () => {
      const id = await this.client.findProject(this.reading);
      return { what: `${id}, of the name ${projectName ?? region}` };
    });
    return { ...check, actions: [FIND_PROJECT] };
  }

  private clock(): Check {
    const { clockAheadMs: ahead } = this.client;
    if (ahead === undefined) return skipped("clock", "no answer told the time");
    return look("clock", () => {
      checkClock(ahead);
      const length = Math.abs(ahead) < 60_000 ? "less than a minute" : humanTime(Math.abs(ahead));
      return { what: `${length} off the services'` };
    });
  }

  private async service(service: BackupService): Promise<Check[]> {
    const { endpoint, instances, label } = SERVICES[service];
    const { detail } = instances;
    const { account, cloud } = this.target;
    const baseUrl = endpointUrl(cloud, account.region, endpoint);
    if (baseUrl === undefined) {
      const problem = refusal("NO_ENDPOINT", `${cloud} has no address of ${label}`);
      return [{ name: service, verdict: "failed", what: problem.details.what, problem }];
    }
    const list = listOf({ service, list: fullListOf(service) });
    let some: Instance[] = [];
    const ofInstances = this.list(
      `${service} instances`,
      instances,
      { ...instances.request({}, cloud.name), baseUrl },
      list.isInstanceRequired ? SEVERAL : 1,
      ({ records }) => (some = instancesIn(service, records)),
    );
    const ofBackups = async (instanceId?: string) => {
      const which = { service, list: fullListOf(service) };
      const [request] = list.requests(checkedQuery(which, { instanceId }, ""));
      return this.list(`${service} backups`, list, { ...request!, baseUrl }, 1);
    };
    // By which the instance is backed up, where the list of the instances does not say it.
    const ofPolicy = (instanceId: string) =>
      this.list(`${service} policy`, detail!, { ...detail!.request(instanceId), baseUrl }, 1);
    if (!list.isInstanceRequired) return Promise.all([ofInstances, ofBackups()]);
    const answered = await ofInstances;
    const newest = some
      .filter(({ canBeBackedUp }) => canBeBackedUp)
      .sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0];
    const ofInstance = [
      { name: `${service} backups`, actions: list.actions, ask: ofBackups },
      ...(detail ? [{ name: `${service} policy`, actions: detail.actions, ask: ofPolicy }] : []),
    ];
    if (newest)
      return [answered, ...(await Promise.all(ofInstance.map(({ ask }) => ask(newest.id))))];
    const why = answered.verdict === "ok" ? "there is none that can be backed up" : "none is known";
    const what = `it is asked of one instance, and ${why}`;
    return [
      answered,
      ...ofInstance.map(({ actions, name }) => ({ ...skipped(name, what), actions })),
    ];
  }

  /** Asks for the first records of a list. */
  private async list(
    name: string,
    { actions, paging }: { readonly actions: readonly string[]; readonly paging: Paging },
    { baseUrl, path, query }: ListRequest & { readonly baseUrl: string },
    limit: number,
    take: (page: Page) => void = () => undefined,
  ): Promise<Check> {
    const first = { [paging.parameter]: String(paging.first) };
    const paged = paging.isWithoutLimit ? first : { ...first, limit: String(limit) };
    const bounded = paging.isSingle ? {} : paged;
    const check = await this.look(name, async () => {
      const text = await this.client.get(baseUrl, path, { ...query, ...bounded }, this.reading);
      const page = parsePage(text, paging, (each) => this.client.secrets.redactValue(each));
      take(page);
      const { records, total } = page;
      if (paging.isObject) return { what: "of one instance" };
      const isWhole = paging.totals === "all" && total !== undefined;
      return {
        what: isWhole ? `${total} in all` : records.length === 0 ? "none" : "at least one",
      };
    });
    return { ...check, actions, host: hostOf(baseUrl) };
  }

  private async look(name: string, ask: () => Promise<Pick<Check, "what">>): Promise<Check> {
    const began = performance.now();
    try {
      const { what } = await ask();
      return { name, verdict: "ok", what, latencyMs: performance.now() - began };
    } catch (error) {
      const failed = failedBy(name, this.client.secrets.redactError(error));
      return { ...failed, latencyMs: performance.now() - began };
    }
  }
}

function instancesIn(service: BackupService, records: Page["records"]): Instance[] {
  const now = new Date();
  return [...instancesOf(service).resultOf(Records.of(records), now, []).instances];
}

function look(name: string, see: () => Pick<Check, "what">): Check {
  try {
    return { name, verdict: "ok", what: see().what };
  } catch (error) {
    return failedBy(name, error);
  }
}

function failedBy(name: string, error: unknown): Check {
  if (!BackupsError.isBackupsError(error)) throw error;
  return { name, verdict: "failed", what: error.details.what, problem: error };
}

function skipped(name: string, what: string): Check {
  return { name, verdict: "skipped", what };
}

/** Without its path, in which a token may stand. */
function hostOf(url: string): string {
  return new URL(url).host;
}
