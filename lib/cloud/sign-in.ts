import { BackupsError, refusal } from "../model/errors";
import { parseTime } from "../model/time";
import { HttpAnswer } from "./api-errors";
import { AccessKeyCredentials, CredentialData, PasswordCredentials } from "./credentials";

/** Where and as whom, complete; what crosses to the worker. */
export interface Account {
  readonly iamUrl?: string;
  readonly metadataUrl: string;
  readonly region?: string;
  readonly projectId?: string;
  readonly projectName?: string;
  readonly credentials: Exclude<CredentialData, { kind: "environment" }>;
  readonly caFile?: string;
  readonly language?: string;
}

/** What a request is authorised with. */
export type Authority =
  | { readonly kind: "token"; readonly token: string; readonly projectId?: string }
  | ({ readonly kind: "accessKey" } & AccessKeyCredentials);

/** How the sign-in sends its requests: with retries, within a deadline, signed where `as` is given. */
export type Send = (
  request: { method: "GET" | "POST"; url: string; body?: string; what: string },
  as?: Authority,
) => Promise<HttpAnswer>;

interface Grant {
  readonly authority: Authority;
  /** Epoch milliseconds from which on it is fetched anew; undefined: never. */
  readonly renewAt?: number;
}

/** Signs in when first needed, keeps what it got, renews it before it expires. */
export class SignIn {
  private grant?: Promise<Grant>;
  private project?: Promise<string>;
  /** Since a service took one. */
  private renewals = 0;

  constructor(private readonly account: Account) {}

  public async authority(send: Send): Promise<Authority> {
    const pending = this.grant;
    const known = pending && (await pending);
    if (known && isFresh(known)) return known.authority;
    // Whoever finds the old one stale at the same moment waits for the same new one.
    if (this.grant === pending) this.grant = undefined;
    this.grant ??= this.signIn(send);
    return (await this.grant).authority;
  }

  /** A service took it. */
  public accepted(): void {
    this.renewals = 0;
  }

  /**
   * Forgets what was refused, unless it has been renewed since. False: it can't be renewed, or the last
   * renewal brought nothing that any service took.
   */
  public async renew(refused: Authority): Promise<boolean> {
    const { kind } = this.account.credentials;
    if (kind === "token" || kind === "accessKey") return false;
    if ((await this.grant)?.authority !== refused) return true;
    if (this.renewals > 0) return false;
    this.renewals++;
    this.grant = undefined;
    return true;
  }

  /** The project that is asked: given, the token's, or the one of the region's name. */
  public async projectId(send: Send): Promise<string> {
    if (this.account.projectId !== undefined) return this.account.projectId;
    const authority = await this.authority(send);
    if (authority.kind === "token" && authority.projectId !== undefined) return authority.projectId;
    this.project ??= this.findProject(send, authority).catch((error: unknown) => {
      this.project = undefined;
      throw error;
    });
    return this.project;
  }

  private signIn(send: Send): Promise<Grant> {
    const pending = this.request(send);
    pending.catch(() => {
      if (this.grant === pending) this.grant = undefined;
    });
    return pending;
  }

  private async request(send: Send): Promise<Grant> {
    const { credentials } = this.account;
    switch (credentials.kind) {
      case "token":
        return { authority: { kind: "token", token: credentials.token } };
      case "accessKey":
        return { authority: credentials };
      case "metadata":
        return this.askMetadata(send);
      case "password":
        return this.askToken(send, credentials);
    }
  }

  /** `POST /v3/auth/tokens` (IAM API Reference, Obtaining a User Token Through Password Authentication). */
  private async askToken(send: Send, user: PasswordCredentials): Promise<Grant> {
    const what = `signing in as user ${user.userName} of domain ${user.domainName}`;
    const answer = await send({
      method: "POST",
      url: `${this.iamUrl()}/v3/auth/tokens?nocatalog=true`,
      body: JSON.stringify({ auth: { identity: identity(user), scope: this.scope() } }),
      what,
    }).catch(explainRefusal);
    const token = answer.headers["x-subject-token"];
    if (!token) throw unexpected(what, "has no header X-Subject-Token");
    const body = parse(answer.text)["token"] as
      { expires_at?: unknown; project?: { id?: unknown; name?: unknown } } | undefined;
    const projectId = this.scoped(what, body?.project);
    return {
      authority: {
        kind: "token",
        token,
        projectId,
      },
      renewAt: renewAt(body?.expires_at),
    };
  }

  /** The project that the token is for; another one than was asked for is none that may be asked. */
  private scoped(
    what: string,
    project: { id?: unknown; name?: unknown } | undefined,
  ): string | undefined {
    if (project?.id === undefined || project.id === null || project.id === "") return undefined;
    const { projectId, projectName, region } = this.account;
    const isAsked =
      projectId === undefined
        ? [undefined, projectName ?? region].includes(project.name as string | undefined)
        : project.id === projectId;
    if (isId(project.id) && isAsked) return project.id;
    throw unexpected(
      what,
      `is for the project ${shown(project)}, not for ${projectId ?? projectName ?? region}`,
    );
  }

  /** The temporary key of this cloud server. */
  private async askMetadata(send: Send): Promise<Grant> {
    const what = "asking the metadata service for a temporary access key";
    const url = `${this.account.metadataUrl}/openstack/latest/securitykey`;
    const answer = await send({ method: "GET", url, what }).catch(hideAnswer(what));
    const { access, secret, securitytoken, expires_at } = (parse(answer.text)["credential"] ??
      {}) as { [name: string]: unknown };
    if (typeof access !== "string" || typeof secret !== "string") {
      throw unexpected(what, "holds no access key; does the server have an agency?");
    }
    return {
      authority: {
        kind: "accessKey",
        accessKey: access,
        secretKey: secret,
        securityToken: typeof securitytoken === "string" ? securitytoken : undefined,
      },
      renewAt: renewAt(expires_at),
    };
  }

  /** `GET /v3/projects?name=`: exactly one is the answer. None is created, ever. */
  private async findProject(send: Send, authority: Authority): Promise<string> {
    const name = this.account.projectName ?? this.account.region ?? "";
    const url = `${this.iamUrl()}/v3/projects?name=${encodeURIComponent(name)}`;
    const what = `looking for the project ${name}`;
    const answer = await send({ method: "GET", url, what }, authority);
    const list = parse(answer.text)["projects"];
    if (!Array.isArray(list)) throw unexpected(what, "has no list of projects");
    const projects = list.filter(
      (project): project is { id?: unknown; name?: unknown } =>
        typeof project === "object" && project !== null,
    );
    const [first] = projects;
    if (projects.length === 1 && first?.name === name && isId(first.id)) return first.id;
    const found = projects.slice(0, 20).map(shown);
    throw refusal(
      "PROJECT_NOT_FOUND",
      `${what} found ${projects.length === 0 ? "none" : found.join(", ")}`,
      "Give `projectId` (or HW_PROJECT_ID, OS_PROJECT_ID): the console shows it under My Credentials. A user sees only the projects it has permissions in.",
    );
  }

  private scope() {
    const { projectId, projectName, region } = this.account;
    return {
      project: projectId !== undefined ? { id: projectId } : { name: projectName ?? region },
    };
  }

  private iamUrl(): string {
    if (this.account.iamUrl !== undefined) return this.account.iamUrl;
    throw refusal(
      "NO_ENDPOINT",
      "no address of IAM is known, which this way of signing in needs",
      "Give the endpoint `iam`, or a region, or `projectId` with an access key.",
    );
  }
}

/** A project as a person reads it, whatever was sent; not in part, where a part of a secret may be left. */
function shown({ name, id }: { name?: unknown; id?: unknown }): string {
  const [ofName, ofId] = [name, id].map((text) => {
    if (typeof text !== "string") return typeof text;
    return text.length > 64 ? `a text of ${text.length} characters` : text;
  });
  return `${ofName} (${ofId})`;
}

/** What may stand in a path and in a lock as the id of a project. */
function isId(id: unknown): id is string {
  return typeof id === "string" && /^[\w.-]{1,64}$/.test(id) && !/^\.\.?$/.test(id);
}

function identity(user: PasswordCredentials) {
  const domain = { name: user.domainName };
  const password = { user: { name: user.userName, password: user.password, domain } };
  return user.passcode === undefined
    ? { methods: ["password"], password }
    : {
        methods: ["password", "totp"],
        password,
        totp: { user: { id: user.userId, passcode: user.passcode } },
      };
}

function explainRefusal(error: unknown): never {
  if (BackupsError.isBackupsError(error) && [400, 401, 403].includes(error.status ?? 0)) {
    throw refusal(
      "SIGN_IN_REFUSED",
      error.details.what,
      "Check user name, password and domain name, and that the user may use the API (a user with multi-factor authentication needs `passcode` and `userId`).",
      error.details,
    );
  }
  throw error;
}

/** Of an answer of the metadata service, which holds a key and a token, only the status is shown. */
function hideAnswer(what: string) {
  return (error: unknown): never => {
    const { code, status, details } = error as Partial<BackupsError>;
    if (status === undefined) throw error;
    throw refusal(code!, `${what} was answered by HTTP ${status}`, details!.advice, { status });
  };
}

function isFresh(grant: Grant): boolean {
  return grant.renewAt === undefined || Date.now() < grant.renewAt;
}

/**
 * Five minutes early, or a tenth of a shorter life. What has just been given out and is over by this
 * machine's clock shows a clock that is wrong: it is used until it is refused.
 */
function renewAt(expires: unknown): number | undefined {
  const time = parseTime(expires)?.getTime();
  const life = (time ?? 0) - Date.now();
  return time === undefined || life <= 0 ? undefined : time - Math.min(300_000, life / 10);
}

function parse(text: string): { [key: string]: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { [key: string]: unknown };
  } catch {
    return {};
  }
}

function unexpected(what: string, problem: string): BackupsError {
  return refusal("BAD_ANSWER", `the answer to ${what} ${problem}`, "Check the address of IAM.");
}
