import { RegistrationError } from "./registration-error";

/** The run takes no further step; whoever asks for one is told so, and no message follows from it. */
export class StoppedError extends RegistrationError {
  constructor() {
    super("the deployment was stopped");
  }
}
