import { createHash, randomBytes } from "node:crypto";
import { type Answer, iamError, json } from "./answers";
import type { Credential } from "./signature";
import { nowOf, type Settings } from "./types";

/** What a token stands for. */
export interface Token {
  expiresAt: number;
  /** Undefined for a token scoped to the domain. */
  projectId: string | undefined;
}

type Json = Record<string, unknown>;

/** IAM and the metadata service: who may call, and with what. docs/apis/shared.md, Signing in. */
export class Identity {
  private readonly tokens = new Map<string, Token>();
  private readonly temporary = new Map<string, Credential & { expiresAt: number }>();

  public constructor(private readonly settings: Settings) {
    const { projectId, token, tokenLifetimeMs } = settings;
    const expiresAt = nowOf(settings) + tokenLifetimeMs;
    if (token !== undefined) this.tokens.set(token, { expiresAt, projectId });
  }

  /** `POST /v3/auth/tokens`. */
  public signIn(body: Buffer, noCatalog: boolean): Answer {
    const auth = objectAt(readJson(body), "auth");
    const identity = objectAt(auth, "identity");
    const methods = identity["methods"];
    if (!Array.isArray(methods) || !methods.includes("password")) {
      throw iamError(400, "identity.methods must contain password.");
    }
    this.checkPassword(identity);
    if (this.settings.passcode !== undefined) this.checkPasscode(methods, identity);
    const projectId = this.readScope(auth);
    const now = nowOf(this.settings);
    const expiresAt = now + this.settings.tokenLifetimeMs;
    const value = randomBytes(48).toString("base64url");
    this.tokens.set(value, { expiresAt, projectId });
    const token = {
      methods,
      issued_at: microseconds(now),
      expires_at: microseconds(expiresAt),
      user: { id: this.settings.userId, name: this.settings.userName, domain: this.domain() },
      ...(projectId === undefined ? { domain: this.domain() } : { project: this.project() }),
      roles: [{ id: "0", name: "te_admin" }],
      ...(noCatalog ? {} : { catalog: this.catalog() }),
    };
    return json(201, { token }, { "X-Subject-Token": value });
  }

  /** `GET /v3/projects`, filtered by name if one is given. */
  public projects(name: string | undefined): Answer {
    const { id, name: own, domain } = this.project();
    const project = {
      id,
      name: own,
      domain_id: domain.id,
      parent_id: domain.id,
      is_domain: false,
      enabled: true,
      description: "",
    };
    const projects = name === undefined || name === own ? [project] : [];
    return json(200, { links: { next: null, previous: null }, projects });
  }

  /** `GET /openstack/latest/securitykey`: a new temporary key each time. */
  public temporaryKey(): Answer {
    const access = randomBytes(10).toString("hex").toUpperCase();
    const secret = randomBytes(20).toString("hex");
    const securitytoken = randomBytes(60).toString("base64");
    const expiresAt = nowOf(this.settings) + this.settings.tokenLifetimeMs;
    this.temporary.set(access, { secretKey: secret, securityToken: securitytoken, expiresAt });
    const expires_at = microseconds(expiresAt);
    return json(200, { credential: { access, secret, securitytoken, expires_at } });
  }

  /** The token, unless it was never issued or has expired. */
  public tokenOf(value: string): Token | undefined {
    const token = this.tokens.get(value);
    return token !== undefined && token.expiresAt > nowOf(this.settings) ? token : undefined;
  }

  /** The secret of an access key, permanent or temporary and unexpired. */
  public credentialOf(accessKey: string): Credential | undefined {
    if (accessKey === this.settings.accessKey) return { secretKey: this.settings.secretKey };
    const key = this.temporary.get(accessKey);
    return key !== undefined && key.expiresAt > nowOf(this.settings) ? key : undefined;
  }

  /** Everything issued so far, temporary keys included, has expired from now on. */
  public expireAll(): void {
    this.tokens.clear();
    this.temporary.clear();
  }

  private checkPassword(identity: Json): void {
    const user = objectAt(objectAt(identity, "password"), "user");
    const name = stringAt(user, "name");
    const password = stringAt(user, "password");
    const domain = stringAt(objectAt(user, "domain"), "name");
    const { settings } = this;
    if (
      name !== settings.userName ||
      password !== settings.password ||
      domain !== settings.domainName
    ) {
      throw iamError(401, "The username or password is wrong.");
    }
  }

  private checkPasscode(methods: unknown[], identity: Json): void {
    if (!methods.includes("totp")) throw iamError(401, "MFA is required: totp is missing.");
    const user = objectAt(objectAt(identity, "totp"), "user");
    const right =
      stringAt(user, "id") === this.settings.userId &&
      stringAt(user, "passcode") === this.settings.passcode;
    if (!right) throw iamError(401, "The MFA passcode is wrong.");
  }

  /** The project's id, or undefined for a scope of the domain. */
  private readScope(auth: Json): string | undefined {
    const scope = objectAt(auth, "scope");
    const wanted = scope["project"] === undefined ? "domain" : "project";
    const own: Json = wanted === "project" ? this.project() : this.domain();
    const asked = objectAt(scope, wanted);
    const by = asked["id"] === undefined ? "name" : "id";
    if (stringAt(asked, by) !== own[by])
      throw iamError(401, `The ${wanted} in scope is not yours.`);
    return wanted === "project" ? this.settings.projectId : undefined;
  }

  private domain(): { id: string; name: string } {
    const name = this.settings.domainName;
    return { id: createHash("md5").update(name).digest("hex"), name };
  }

  private project(): { id: string; name: string; domain: { id: string; name: string } } {
    return { id: this.settings.projectId, name: this.settings.region, domain: this.domain() };
  }

  /** docs/apis/shared.md, Signing in: `?nocatalog=true` keeps the answer small, so without it it is not. */
  private catalog(): unknown[] {
    const { region, projectId } = this.settings;
    return ["rds", "gaussdb", "gaussdb-nosql", "dcs", "gaussdb-mysql", "iam"].map((type) => ({
      type,
      name: type,
      endpoints: [
        { region, interface: "public", url: `https://${type}.${region}.example/v3/${projectId}` },
      ],
    }));
  }
}

/** docs/apis/shared.md, Signing in: `expires_at` has microseconds and a Z. */
function microseconds(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}

function readJson(body: Buffer): Json {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Json;
  } catch {
    // Refused below, like JSON that is no object.
  }
  throw iamError(400, "The request body is not a JSON object.");
}

function objectAt(parent: Json, key: string): Json {
  const value = parent[key];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw iamError(400, `Expecting to find ${key} in request body.`);
  }
  return value as Json;
}

function stringAt(parent: Json, key: string): string {
  const value = parent[key];
  if (typeof value !== "string") throw iamError(400, `Expecting to find ${key} in request body.`);
  return value;
}
