import {
  DEFAULT_ACCESS_KEY,
  DEFAULT_DOMAIN_NAME,
  DEFAULT_PASSWORD,
  DEFAULT_SECRET_KEY,
  DEFAULT_USER_NAME,
} from "../../lib/emulator/types";

/** The emulator's user by access key. */
export const KEY = {
  kind: "accessKey",
  accessKey: DEFAULT_ACCESS_KEY,
  secretKey: DEFAULT_SECRET_KEY,
} as const;

/** The emulator's user by password. */
export const USER = {
  kind: "password",
  userName: DEFAULT_USER_NAME,
  password: DEFAULT_PASSWORD,
  domainName: DEFAULT_DOMAIN_NAME,
} as const;
