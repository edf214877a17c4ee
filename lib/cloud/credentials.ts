import { withoutUndefined } from "../model/defined";
import { refusal } from "../model/errors";
import { ANY_TEXT, brand, by, checkedOptions, required, secret, Shape } from "../model/shape";
import { isKnownOnlyAtDeploy } from "../model/text";

/** An access key, permanent or temporary. */
export interface AccessKeyCredentials {
  /** The access key id ("AK"). */
  readonly accessKey: string;
  /** The secret access key ("SK"). */
  readonly secretKey: string;
  /** The security token of a temporary access key. @default - the key is permanent */
  readonly securityToken?: string;
}

/** A user and password; a token is fetched with them. */
export interface PasswordCredentials {
  /** The IAM user's name. */
  readonly userName: string;
  /** The password. */
  readonly password: string;
  /** The name of the account (domain) that the user belongs to. */
  readonly domainName: string;
  /** The one-time code of a user with multi-factor authentication; asks for `userId`. @default - none */
  readonly passcode?: string;
  /** The IAM user's id, which the one-time code goes with. @default - none */
  readonly userId?: string;
}

/** What `Credentials` holds, for the transport alone. */
export type CredentialData =
  | { readonly kind: "environment" }
  | { readonly kind: "metadata" }
  | { readonly kind: "token"; readonly token: string }
  | ({ readonly kind: "accessKey" } & AccessKeyCredentials)
  | ({ readonly kind: "password" } & PasswordCredentials);

/**
 * As whom the cloud is asked.
 *
 * Secrets stay in here: they are in no output, lock file, log or error, and neither printing nor
 * serialising the object shows them.
 */
export class Credentials {
  /** From the usual variables (`HW_*`, `OS_*`, `HUAWEICLOUD_SDK_*`) or clouds.yaml. */
  public static fromEnvironment(): Credentials {
    return new Credentials({ kind: "environment" });
  }

  /**
   * Requests signed by an access key (SDK-HMAC-SHA256), permanent or temporary.
   * @param key The access key; all its texts known at synthesis.
   * @throws `INVALID_CREDENTIALS` for a blank text, a token of the framework, or what no header can carry;
   * `INVALID_PROPERTY` for a property that is none.
   */
  public static accessKey(key: AccessKeyCredentials): Credentials {
    checkedOptions("Credentials.accessKey", key, ACCESS_KEY);
    const given = { accessKey: key.accessKey, secretKey: key.secretKey };
    const optional = { securityToken: key.securityToken };
    check("Credentials.accessKey", given, optional);
    return new Credentials({ kind: "accessKey", ...given, ...optional });
  }

  /**
   * A token fetched by user and password, renewed when it expires.
   * @param user The IAM user; all texts known at synthesis.
   * @throws `INVALID_CREDENTIALS` for a blank text, a token of the framework, or a `passcode` without `userId`;
   * `INVALID_PROPERTY` for a property that is none.
   */
  public static password(user: PasswordCredentials): Credentials {
    checkedOptions("Credentials.password", user, PASSWORD);
    const given = {
      userName: user.userName,
      password: user.password,
      domainName: user.domainName,
    };
    const optional = { passcode: user.passcode, userId: user.userId };
    check("Credentials.password", given, optional);
    if (user.passcode !== undefined && user.userId === undefined) {
      throw refusal(
        "INVALID_CREDENTIALS",
        "Credentials.password has a passcode but no userId",
        "IAM wants the user's id beside a one-time code: the console shows it under My Credentials.",
      );
    }
    return new Credentials({ kind: "password", ...given, ...optional });
  }

  /**
   * A token that was fetched elsewhere, scoped to a project; it can't be renewed.
   * @param token The text of `X-Subject-Token`, known at synthesis.
   * @throws `INVALID_CREDENTIALS` for a blank text, a token of the framework, or what no header can carry.
   */
  public static token(token: string): Credentials {
    check("Credentials.token", { token }, {});
    return new Credentials({ kind: "token", token });
  }

  /** The temporary access key of the cloud server that this runs on. */
  public static metadataService(): Credentials {
    return new Credentials({ kind: "metadata" });
  }

  readonly #data: CredentialData;

  private constructor(data: CredentialData) {
    this.#data = data;
  }

  /** Which way of signing in; never a secret. */
  public toString(): string {
    return `Credentials(${this.#data.kind})`;
  }

  /** @internal */
  public _reveal(): CredentialData {
    return this.#data;
  }
}

brand(Credentials, "Credentials");

const SECRET = secret(by("INVALID_CREDENTIALS", ANY_TEXT));

const ACCESS_KEY: Shape<AccessKeyCredentials> = {
  accessKey: required(SECRET),
  secretKey: required(SECRET),
  securityToken: SECRET,
};

const PASSWORD: Shape<PasswordCredentials> = {
  userName: required(SECRET),
  password: required(SECRET),
  domainName: required(SECRET),
  passcode: SECRET,
  userId: SECRET,
};

// A line break in a header would end it.
const TRAVELS_IN_A_HEADER = new Set(["accessKey", "secretKey", "securityToken", "token"]);
const HEADER_VALUE = /^[\u0020-\u007e\u00a0-\u00ff]*$/;

function check(
  source: string,
  given: { [name: string]: unknown },
  optional: { [name: string]: unknown },
): void {
  for (const [name, value] of Object.entries({ ...given, ...withoutUndefined(optional) })) {
    // Values are never shown here.
    if (typeof value !== "string" || value.trim() === "") {
      throw refusal(
        "INVALID_CREDENTIALS",
        `${source}: ${name} is empty`,
        "Pass it as a text that is not blank.",
      );
    }
    if (isKnownOnlyAtDeploy(value)) {
      throw refusal(
        "INVALID_CREDENTIALS",
        `${source}: ${name} is a value that Terraform knows only at deploy`,
        "The lookup happens at synthesis: read it from the environment instead.",
      );
    }
    if (TRAVELS_IN_A_HEADER.has(name) && !HEADER_VALUE.test(value)) {
      throw refusal(
        "INVALID_CREDENTIALS",
        `${source}: ${name} holds a character that no header can carry`,
        "Look for a line break at its end, which a file or a here-document may have added.",
      );
    }
  }
}
