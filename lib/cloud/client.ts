import { BackupsError, refusal } from "../model/errors";
import { lengthOf } from "../model/duration";
import { excerpt } from "../model/text";
import { HttpAnswer, isTokenRefused, toError } from "./api-errors";
import { shownUrl, tokensIn } from "./endpoints";
import { Http, HttpRequest, NoAnswer } from "./http";
import { NotInTime, Queue, Queues } from "./queue";
import { deadlineExceeded, Reading } from "./reading";
import { Secrets } from "./redaction";
import { parseRetryAfter, retryDelay } from "./retry";
import { Account, Authority, Send, SignIn } from "./sign-in";
import { sign } from "./signer";

/** One account's way to its services: signs in, signs, repeats what passes, explains what does not. */
export class CloudClient {
  /** The id of the project that is asked, once it is known. */
  public project?: string;
  /**
   * How far this machine's clock is ahead of the service's, by the `Date` of its last good answer; where
   * there is none yet, by that of the first refusal, which may be of the clock.
   */
  public clockAheadMs?: number;
  private readonly http: Http;
  private readonly signIn: SignIn;
  /** What it has sent or been given that nobody may see. */
  public readonly secrets = new Secrets();
  private readonly user: string;
  private readonly signingIn = new Reading(0);

  /** @param queues Those of the whole process: what a user may send is counted over all of his. */
  constructor(
    private readonly account: Account,
    private readonly queues = new Queues(),
  ) {
    this.http = new Http(account.caFile);
    this.signIn = new SignIn(account);
    this.user = userOf(account);
    for (const token of tokensIn(account.iamUrl ?? "")) this.secrets.add(token);
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
    reading: Reading,
  ): Promise<string> {
    const send = this.sharedSender(reading);
    const project = encodeURIComponent(await this.findProject(reading));
    for (const token of tokensIn(baseUrl)) this.secrets.add(token);
    const url = new URL(baseUrl + path.replace("{project}", project));
    // Not URLSearchParams: it writes a space as `+`, and a plus must arrive as a plus.
    url.search = Object.entries(query)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join("&");
    let authority = await this.signIn.authority(send);
    for (let renewed = false; ; renewed = true) {
      try {
        const what = `GET ${shownUrl(baseUrl)}${url.href.slice(baseUrl.length)}`;
        const request = { method: "GET" as const, url: url.href, what };
        const { headers, text } = await this.send(request, reading, authority, project);
        this.clockAheadMs = aheadOf(headers["date"]) ?? this.clockAheadMs;
        this.signIn.accepted();
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

  /** As the first request does it, where anything has to be sent for it at all. */
  public async authenticate(reading: Reading): Promise<void> {
    await this.signIn.authority(this.sharedSender(reading));
  }

  /** As the first request does it, after it has signed in. */
  public async findProject(reading: Reading): Promise<string> {
    return (this.project = await this.signIn.projectId(this.sharedSender(reading)));
  }

  /** All requests share a sign-in, so it may take as long as the longest of them has time. */
  private sharedSender(reading: Reading): Send {
    this.signingIn.extend(reading);
    return (request, as) => this.send(request, this.signingIn, as);
  }

  private async send(
    request: { method: "GET" | "POST"; url: string; body?: string; what: string },
    reading: Reading,
    authority?: Authority,
    project?: string,
  ): Promise<HttpAnswer> {
    const url = new URL(request.url);
    const body = request.body ?? "";
    const headers: { [name: string]: string } = { accept: "application/json" };
    if (this.account.language !== undefined) headers["x-language"] = this.account.language;
    if (body) headers["content-type"] = "application/json;charset=utf8";
    const queue = this.queues.of(url.host, this.user);
    let throttled: BackupsError | undefined;
    for (let tries = 1, failures = 0; ; tries++) {
      const what = tries > 1 ? `${request.what} (tried ${tries} times)` : request.what;
      reading.waitingFor = request.what;
      await queue.enter(reading).catch((error: unknown) => {
        throw error instanceof NotInTime ? tooMuch(error, request.what, reading, throttled) : error;
      });
      const signed = this.authorise(
        { method: request.method, url, headers, body },
        authority,
        project,
      );
      const isSigned = authority?.kind === "accessKey";
      const { error, outcome, answer } = await this.try(signed, what, isSigned, reading, queue);
      if (answer) return answer;
      if (outcome.status === 429) throttled = error;
      else {
        const delay = retryDelay(outcome, ++failures, reading.remaining(), Date.now());
        if (delay === undefined) throw error;
        await reading.sleep(delay);
      }
    }
  }

  /** One try: its answer, or the error it would end in and what the retry has to know. */
  private async try(
    request: HttpRequest,
    what: string,
    isSigned: boolean,
    reading: Reading,
    queue: Queue,
  ) {
    let answer: HttpAnswer;
    try {
      answer = await this.http.send(request, reading);
    } catch (error) {
      queue.leave("unanswered");
      reading.signal.throwIfAborted();
      if (!(error instanceof NoAnswer)) throw error;
      return {
        outcome: { networkCode: error.code },
        error: noAnswer(error, what, reading, this.secrets.redact(error.message)),
      };
    }
    this.secrets.add(answer.headers["x-subject-token"]);
    if (answer.status === 200 || answer.status === 201) {
      queue.leave("passed");
      return { answer, outcome: {}, error: undefined };
    }
    this.clockAheadMs ??= aheadOf(answer.headers["date"]);
    const safe = this.secrets.redactAnswer(answer);
    const retryAfter = answer.headers["retry-after"];
    if (answer.status === 429) {
      const now = Date.now();
      const serverTime = Date.parse(answer.headers["date"] ?? "");
      queue.leave({
        message: answer.text,
        retryAfterMs: parseRetryAfter(retryAfter, now),
        serverTime: Number.isNaN(serverTime) ? undefined : serverTime,
      });
    } else queue.leave(answer.status === 503 ? "busy" : "passed");
    return { outcome: { status: answer.status, retryAfter }, error: toError(safe, what, isSigned) };
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
      this.secrets.add(secret);
    }
    const headers = project ? { ...request.headers, "x-project-id": project } : request.headers;
    return { ...request, headers: sign({ ...request, headers }, authority, new Date()) };
  }
}

/** How far this machine's clock is ahead of that date; undefined where it is none. */
function aheadOf(date: string | undefined): number | undefined {
  const theirs = Date.parse(date ?? "");
  return Number.isNaN(theirs) ? undefined : Date.now() - theirs;
}

/** Whose requests a quota counts together; the access key's id stands for its user. */
function userOf({ credentials }: Account): string {
  switch (credentials.kind) {
    case "accessKey":
      return credentials.accessKey;
    case "password":
      return `${credentials.domainName} ${credentials.userName}`;
    case "token":
      return credentials.token;
    case "metadata":
      return "";
  }
}

/** The quota lets it through too late; `last` is how it was refused, if it was sent at all. */
function tooMuch(
  { message, neededMs }: NotInTime,
  what: string,
  reading: Reading,
  last: BackupsError | undefined,
): BackupsError {
  const { status, serviceCode, requestId } = last ?? {};
  const minutes = Math.ceil((reading.limitMs - reading.remaining() + neededMs + 30_000) / 60_000);
  return refusal(
    "THROTTLED",
    `${last?.details.what ?? `${what} was not sent`}: ${message} of ${lengthOf(reading.limitMs)}`,
    `Give the BackupProvider a longer \`timeout\`, such as Duration.minutes(${minutes}), or ask for less (\`within\`).`,
    { status, serviceCode, requestId },
  );
}

function noAnswer(
  { code }: NoAnswer,
  what: string,
  reading: Reading,
  message: string,
): BackupsError {
  if (code === "ETIMEDOUT" && reading.remaining() <= 1) {
    return deadlineExceeded(reading.limitMs, what);
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
