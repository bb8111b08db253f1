"use strict";
/** Tells errors of a program's configuration from its other errors. */

const NAME = /^Config(?:uration)?(?:\w*Error)$/;

/** Whether an error is one of pulumi.Config, or one that a program derived for the same purpose. */
function isConfigurationError(error) {
  return error instanceof Error && [error.name, error.constructor.name].some((name) => NAME.test(name));
}

module.exports = { isConfigurationError };
