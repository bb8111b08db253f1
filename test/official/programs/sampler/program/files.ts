/** Assets and archives: text, files, folders, and archives made of them. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export function declareFiles(): pulumi.Inputs {
  const object = (key: string, source: pulumi.asset.Asset | pulumi.asset.Archive): aws.s3.BucketObjectv2 =>
    new aws.s3.BucketObjectv2(key, { bucket: "files", key, source });

  const text = object("text", new pulumi.asset.StringAsset("A text."));
  object("file", new pulumi.asset.FileAsset("files/note.txt"));
  object("folder", new pulumi.asset.FileArchive("files/folder"));
  object(
    "assembled",
    new pulumi.asset.AssetArchive({
      "note.txt": new pulumi.asset.FileAsset("files/note.txt"),
      "inner.zip": new pulumi.asset.AssetArchive({ "text.txt": new pulumi.asset.StringAsset("Inside.") }),
    }),
  );
  return { key: text.key, source: text.source };
}
