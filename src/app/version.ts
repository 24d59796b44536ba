import { version as packaged } from "../../package.json";

declare const DRAGOMAN_VERSION: string | undefined;

/** Put in by the build; from source the package's. */
export const VERSION: string = typeof DRAGOMAN_VERSION === "string" ? DRAGOMAN_VERSION : packaged;
