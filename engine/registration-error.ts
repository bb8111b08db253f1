/** A rule that a program or a provider broke, and that ends the run. */

/** The message says which rule, and what to do. */
export class RegistrationError extends Error {
  /**
   * @param urn the resource that it is about, if it is about one
   */
  constructor(
    message: string,
    readonly urn?: string,
  ) {
    super(message);
    this.name = "RegistrationError";
  }
}

/** Something that Pulumi has and this engine has not. The message names it. */
export class UnsupportedError extends RegistrationError {
  constructor(feature: string, urn?: string) {
    super(
      `${feature} are not supported by this engine; use the official CLI (docs/engine.md lists what is not)`,
      urn,
    );
    this.name = "UnsupportedError";
  }
}
