import { BackupsError, refusal } from "../model/errors";
import { excerpt } from "../model/text";
import { HttpAnswer, isTokenRefused, toError } from "./api-errors";
import { Http, HttpRequest, NoAnswer } from "./http";
import { retryDelay } from "./retry";
import { Account, Authority, Send, SignIn } from "./sign-in";
import { sign } from "./signer";

/** How much time is left. */
export interface Deadline {
  remaining(): number;
}

/** One account's way to its services: signs in, signs, repeats what passes, explains what does not. */
export class CloudClient {
  /** The id of the project that is asked, once it is known. */
  public project?: string;
  /** How far this machine's clock is ahead of the service's, by the last answer's own `Date`. */
  public clockAheadMs?: number;
  private readonly http: Http;
  private readonly signIn: SignIn;
  private readonly secrets = new Set<string>();
  private signInUntil = 0;

  constructor(private readonly account: Account) {
    this.http = new Http(account.caFile);
    this.signIn = new SignIn(account);
    const { kind, ...fields } = account.credentials;
    for (const [name, value] of Object.entries(fields)) {
      if (kind !== "password" || !/Name$|userId/.test(name)) this.secrets.add(String(value));
    }
  }

  /** The text of a 200, or an error. `{project}` in the path becomes the project's id. */
  public async get(
    baseUrl: string,
    path: string,
    query: { readonly [name: string]: string },
    deadline: Deadline,
  ): Promise<string> {
    const send = this.sharedSender(deadline);
    this.project = await this.signIn.projectId(send);
    const project = encodeURIComponent(this.project);
    const url = new URL(baseUrl + path.replace("{project}", project));
    // Not URLSearchParams: it writes a space as `+`, and a plus must arrive as a plus.
    url.search = Object.entries(query)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join("&");
    let authority = await this.signIn.authority(send);
    for (let renewed = false; ; renewed = true) {
      try {
        const request = { method: "GET" as const, url: url.href, what: `GET ${url.href}` };
        const { headers, text } = await this.send(request, deadline, authority, project);
        const theirs = Date.parse(headers["date"] ?? "");
        if (!Number.isNaN(theirs)) this.clockAheadMs = Date.now() - theirs;
        return text;
      } catch (error) {
        const canRenew =
          !renewed &&
          BackupsError.isBackupsError(error) &&
          authority.kind === "token" &&
          isTokenRefused(error.status ?? 0, error.serviceCode) &&
          (await this.signIn.renew(authority));
        if (!canRenew) throw error;
        authority = await this.signIn.authority(send);
      }
    }
  }

  /** An answer may echo what was sent: the gateway shows the canonical request and the access key. */
  public redact(text: string): string {
    let safe = text;
    for (const secret of this.secrets) {
      if (secret.length < 4) continue;
      // As it is, inside JSON, inside JSON that is quoted in JSON, with `\/`, and in a URL.
      const json = JSON.stringify(secret).slice(1, -1);
      const nested = JSON.stringify(json).slice(1, -1);
      const slashed = json.replaceAll("/", "\\/");
      for (const form of [nested, slashed, json, secret, encodeURIComponent(secret)]) {
        safe = safe.replaceAll(form, "***");
      }
    }
    return safe.replace(/\b(Access|Signature)=[^,\s"&]+/g, "$1=***");
  }

  /** All requests share a sign-in, so it may take as long as the longest of them has time. */
  private sharedSender(deadline: Deadline): Send {
    this.signInUntil = Math.max(this.signInUntil, performance.now() + deadline.remaining());
    const shared = { remaining: () => this.signInUntil - performance.now() };
    return (request, as) => this.send(request, shared, as);
  }

  private async send(
    request: { method: "GET" | "POST"; url: string; body?: string; what: string },
    deadline: Deadline,
    authority?: Authority,
    project?: string,
  ): Promise<HttpAnswer> {
    const url = new URL(request.url);
    const body = request.body ?? "";
    const headers: { [name: string]: string } = { accept: "application/json" };
    if (this.account.language !== undefined) headers["x-language"] = this.account.language;
    if (body) headers["content-type"] = "application/json;charset=utf8";
    for (let tries = 1; ; tries++) {
      const signed = this.authorise(
        { method: request.method, url, headers, body },
        authority,
        project,
      );
      const { error, outcome, answer } = await this.try(signed, request.what, deadline, tries);
      if (answer) return answer;
      const delay = retryDelay(outcome, tries, deadline.remaining(), Date.now());
      if (delay === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  /** One try: its answer, or the error it would end in and what the retry has to know. */
  private async try(request: HttpRequest, what: string, deadline: Deadline, tries: number) {
    const tried = tries > 1 ? ` (tried ${tries} times)` : "";
    let answer: HttpAnswer;
    try {
      answer = await this.http.send(request, Math.max(1, deadline.remaining()));
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      return {
        outcome: { networkCode: error.code },
        error: noAnswer(error, `${what}${tried}`, deadline, this.redact(error.message)),
      };
    }
    if (answer.status === 200 || answer.status === 201) {
      this.remember(answer);
      return { answer, outcome: {}, error: undefined };
    }
    const safe = { ...answer, text: this.redact(answer.text) };
    return {
      outcome: {
        status: answer.status,
        retryAfter: answer.headers["retry-after"],
      },
      error: toError(safe, `${what}${tried}`),
    };
  }

  private authorise(
    request: HttpRequest,
    authority: Authority | undefined,
    project: string | undefined,
  ): HttpRequest {
    if (authority === undefined) return request;
    if (authority.kind === "token") {
      this.secrets.add(authority.token);
      return { ...request, headers: { ...request.headers, "x-auth-token": authority.token } };
    }
    for (const secret of [authority.secretKey, authority.accessKey, authority.securityToken]) {
      if (secret) this.secrets.add(secret);
    }
    const headers = project ? { ...request.headers, "x-project-id": project } : request.headers;
    return { ...request, headers: sign({ ...request, headers }, authority, new Date()) };
  }

  /** A token that has just arrived is a secret before it was ever sent. */
  private remember(answer: HttpAnswer): void {
    const token = answer.headers["x-subject-token"];
    if (token) this.secrets.add(token);
  }
}

function noAnswer(
  { code }: NoAnswer,
  what: string,
  deadline: Deadline,
  message: string,
): BackupsError {
  if (code === "ETIMEDOUT" && deadline.remaining() <= 1) {
    return refusal(
      "DEADLINE_EXCEEDED",
      `${what} had no answer when the time for lookups was up`,
      "Try again, ask for less (`within`), or give the provider a longer `timeout`.",
    );
  }
  const said = `${what} had no answer: ${code}${message === code ? "" : ` (${excerpt(message, 160)})`}`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS|ERR_SSL/.test(code)) {
    return refusal(
      "CERTIFICATE_NOT_TRUSTED",
      said,
      "The server's certificate can't be checked. Behind a proxy that inspects TLS, give its CA as a PEM file: `caFile`, OS_CACERT or NODE_EXTRA_CA_CERTS. The check can't be switched off.",
    );
  }
  return refusal(
    "UNREACHABLE",
    said,
    code === "ENOTFOUND"
      ? "This host can't be found: check the cloud, the region and the endpoint, and that names are resolved here."
      : "Check the network, the proxy variables (HTTPS_PROXY, NO_PROXY) and the endpoint.",
  );
}
