/** Whether a probe that ends a container asks something outside of it: then that one's failure becomes this one's. */
import type { Draft } from "../../config";
import { isUnknown, itemsOf, type Value, type ValueMap, valueAt } from "../value";

/** Ports of SMTP: relay, submission over TLS, submission, and its substitute. */
const MAIL_PORTS: readonly string[] = ["25", "465", "587", "2525"];
const ITSELF: readonly string[] = ["localhost", "127.0.0.1", "::1", "[::1]"];
/** Programs that try a connection. */
const CONNECTING = /\b(?:nc|ncat|netcat|telnet|openssl|socat|swaks|curl)\b|\/dev\/tcp\//;

/**
 * What is wrong with a liveness or startup probe; undefined when nothing is.
 *
 * @param container whose named ports the probe may use
 */
export function reachesOut(
  probe: Value | undefined,
  container: ValueMap,
  configuration: Draft | undefined,
): string | "unknown" | undefined {
  for (const kind of ["httpGet", "tcpSocket", "grpc"]) {
    const problem = ofSocket(valueAt(probe, kind), container);
    if (problem !== undefined) return problem;
  }
  const command = valueAt(probe, "exec", "command");
  const words = itemsOf(command).map(([, word]) => word);
  if ([command, ...words].some(isUnknown)) return "unknown";
  return ofCommand(words.join(" "), configuration?.mail?.smtp?.host);
}

function ofSocket(handler: Value | undefined, container: ValueMap): string | undefined {
  if (handler === undefined) return undefined;
  const [host, port] = [valueAt(handler, "host"), valueAt(handler, "port")];
  if (isUnknown(handler) || isUnknown(host) || isUnknown(port)) return "unknown";
  if (typeof host === "string" && host !== "" && !ITSELF.includes(host.toLowerCase())) {
    return `asks ${host}; a probe that ends the container asks the container alone`;
  }
  const number = numberOf(port, container);
  return MAIL_PORTS.includes(number)
    ? `asks port ${number}, SMTP; a probe that ends the container asks for the process alone`
    : undefined;
}

/** The number of a named port, where the container says it. */
function numberOf(port: Value | undefined, { ports }: ValueMap): string {
  const named = itemsOf(ports).find(([, item]) => valueAt(item, "name") === port)?.[1];
  return String((named === undefined ? undefined : valueAt(named, "containerPort")) ?? port);
}

function ofCommand(command: string, relay: string | undefined): string | undefined {
  const lower = command.toLowerCase();
  const words = lower.split(/[^\w.-]+/);
  const asksRelay = relay !== undefined && words.includes(relay.toLowerCase());
  const asksPort = CONNECTING.test(lower) && words.some((word) => MAIL_PORTS.includes(word));
  return asksRelay || asksPort || lower.includes("smtp")
    ? "asks the mail relay by a command; a probe that ends the container asks for the process alone"
    : undefined;
}
