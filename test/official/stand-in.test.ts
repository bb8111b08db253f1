/** A stand-in agrees with whatever is declared, shows it unchanged in a preview, and ends when it is closed. */
import { credentials, type ServiceError, status } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { secret, UNKNOWN } from "../../engine/property/values";
import { debugProviders, type StandIn, type StructObject, startStandIn } from "./stand-in-provider";

const inputs: StructObject = {
  name: "keybuzz",
  nothing: null,
  list: [1, { deep: true }],
  unknown: UNKNOWN,
  secret: secret("known") as StructObject,
};

let standIn: StandIn;
let client: ResourceProviderClient;

beforeEach(async () => {
  standIn = await startStandIn("kubernetes", "4.34.2", { "a:b:answered": { known: 1, late: [UNKNOWN] } });
  client = new ResourceProviderClient(`127.0.0.1:${standIn.port}`, credentials.createInsecure());
});

afterEach(() => {
  client.close();
  standIn.close();
});

type Callback<Response> = (error: ServiceError | null, response: Response) => void;

/** Calls a method; a failure is thrown with gRPC's code. */
function call<Response>(method: (callback: Callback<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    method((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

function create(preview: boolean): Promise<proto.CreateResponse> {
  const request = new proto.CreateRequest()
    .setName("config")
    .setProperties(Struct.fromJavaScript(inputs))
    .setPreview(preview);
  return call((callback) => client.create(request, callback));
}

describe("a stand-in for a provider", () => {
  it("echoes the inputs of a previewed creation: secrets and unknown values stay, and no id is made up", async () => {
    const response = await create(true);
    expect(response.getProperties()?.toJavaScript()).toEqual(inputs);
    expect(response.getId()).toBe("");
  });

  it("names what is created outside of a preview after the resource", async () => {
    expect((await create(false)).getId()).toBe("stand-in-config");
  });

  it("accepts inputs as they are, and finds no difference", async () => {
    const news = Struct.fromJavaScript(inputs);
    const checked = await call<proto.CheckResponse>((callback) =>
      client.check(new proto.CheckRequest().setNews(news), callback),
    );
    expect(checked.getInputs()?.toJavaScript()).toEqual(inputs);
    expect(checked.getFailuresList()).toEqual([]);
    const compared = await call<proto.DiffResponse>((callback) =>
      client.diff(new proto.DiffRequest().setNews(news).setOlds(new Struct()), callback),
    );
    expect(compared.getChanges()).toBe(proto.DiffResponse.DiffChanges.DIFF_NONE);
  });

  it("finds what is read as it was asked for, and something even when nothing is known of it", async () => {
    const known = await call<proto.ReadResponse>((callback) =>
      client.read(new proto.ReadRequest().setId("x").setProperties(Struct.fromJavaScript(inputs)), callback),
    );
    expect(known.getId()).toBe("x");
    expect(known.getProperties()?.toJavaScript()).toEqual(inputs);
    const unknown = await call<proto.ReadResponse>((callback) =>
      client.read(new proto.ReadRequest().setId("y"), callback),
    );
    expect([unknown.getProperties(), unknown.getInputs()].map((struct) => struct?.toJavaScript())).toEqual([
      {},
      {},
    ]);
  });

  it("notes the functions that are called, and answers as it was told or with an empty object", async () => {
    const invoke = async (token: string, args: StructObject): Promise<StructObject | undefined> => {
      const request = new proto.InvokeRequest().setTok(token).setArgs(Struct.fromJavaScript(args));
      const response = await call<proto.InvokeResponse>((callback) => client.invoke(request, callback));
      return response.getReturn()?.toJavaScript();
    };
    expect(await invoke("a:b:other", { x: 1 })).toEqual({});
    const answer = await invoke("a:b:answered", {});
    // An unknown value goes as the byte string of its placeholder: the CLI passes no other form on.
    expect(answer).toMatchObject({ known: 1, late: [{ value: Buffer.from(UNKNOWN).toString("base64") }] });
    expect(standIn.invokes).toEqual([
      { token: "a:b:other", arguments: { x: 1 } },
      { token: "a:b:answered", arguments: {} },
    ]);
  });

  it("says that it takes secrets, previews, and has the version of the SDK", async () => {
    const shaken = await call<proto.ProviderHandshakeResponse>((callback) =>
      client.handshake(new proto.ProviderHandshakeRequest(), callback),
    );
    expect([shaken.getAcceptSecrets(), shaken.getAcceptResources()]).toEqual([true, true]);
    const configured = await call<proto.ConfigureResponse>((callback) =>
      client.configure(new proto.ConfigureRequest(), callback),
    );
    expect([configured.getAcceptsecrets(), configured.getSupportspreview()]).toEqual([true, true]);
    const info = await new Promise((resolve, reject) => {
      client.getPluginInfo(new Empty(), (error, response) =>
        error === null ? resolve(response.getVersion()) : reject(error),
      );
    });
    expect(info).toBe("4.34.2");
  });

  it("implements no more than a preview needs", async () => {
    const construct = call((callback) => client.construct(new proto.ConstructRequest(), callback));
    await expect(construct).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it("answers nobody after it was closed", async () => {
    standIn.close();
    await expect(create(true)).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  it("is found by the CLI under its name and port", () => {
    const other = { ...standIn, name: "aws", port: 7 };
    expect(debugProviders([standIn, other])).toBe(`kubernetes:${standIn.port},aws:7`);
  });
});
