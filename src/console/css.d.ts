/** Bun bundles a stylesheet that is imported; to the compiler it is nothing. */
declare module "*.css";
