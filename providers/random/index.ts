/** Pulumi's random provider, for the resource types used here. It talks to no server. */
import type { Provider } from "../../engine/provider/provider";
import { TableProvider } from "../table/table-provider";
import { randomId } from "./random-id";
import { randomPassword } from "./random-password";

class RandomProvider extends TableProvider<undefined> {
  constructor() {
    super("random", "4.21.2", {
      "random:index/randomPassword:RandomPassword": randomPassword,
      "random:index/randomId:RandomId": randomId,
    });
  }

  async configure(): Promise<void> {}
  async cancel(): Promise<void> {}
  async close(): Promise<void> {}

  protected serve<Result>(_timeout: number, work: (server: undefined) => Promise<Result>): Promise<Result> {
    return work(undefined);
  }
}

/** Makes a provider for one provider resource of a program. */
export function createRandomProvider(): Provider {
  return new RandomProvider();
}
