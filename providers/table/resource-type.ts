/** One resource type: its table, and what is done with a server. */
import type { PropertyMap } from "../../engine/provider/values";
import type { Plain } from "./plain";
import type { ResourceTable } from "./table";

/** What a request about a resource that exists carries. */
export interface Known {
  readonly id: string;
  /** The state as it was last seen. */
  readonly old: Plain;
}

/** A resource as the server has it: plain values of every observed field that has one. */
export interface Found {
  readonly id: string;
  readonly properties: PropertyMap;
}

/** What a create has made. */
export interface Created {
  readonly id: string;
  /** Without them, the object is read. */
  readonly outputs?: PropertyMap;
  /** What of it could not be done; the next update is to do that. */
  readonly unfinished?: string;
}

/** @typeParam Server the way to the server, for one request */
export interface ResourceType<Server> {
  /** For messages: `role`. */
  readonly noun: string;
  readonly table: ResourceTable;
  /** Id of the object that a create with these inputs makes, without asking a server; absent where it is kept in the state alone. */
  readonly identify?: (server: Server, inputs: Plain) => string;
  /**
   * Whether another create with these inputs finds what the first one made, or makes it again, so that an interrupted
   * one is just repeated: privileges, and what is adopted where it exists. @default none
   */
  readonly repeatable?: (inputs: Plain) => boolean;
  /** Refuses an object that exists, unless that is repeatable. */
  create(server: Server, inputs: Plain): Promise<Created>;
  /**
   * The object as it is; undefined when it is gone. An object that cannot be read is an error.
   * @param known the state, or the inputs where there is none yet; undefined when only the id is known
   */
  read(server: Server, id: string, known: Plain | undefined): Promise<Found | undefined>;
  /** Absent where every change makes the resource anew. */
  readonly update?: (server: Server, known: Known, inputs: Plain) => Promise<void>;
  /** An object that is gone is deleted. */
  delete(server: Server, known: Known): Promise<void>;
}
