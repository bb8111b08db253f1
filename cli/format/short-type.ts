/** Type tokens as a reader sees them. */

/** `aws:iam/user:User` is shown as `aws:iam:User`: the middle repeats the end. */
export function shortType(type: string): string {
  const [packageName = "", module = "", name = ""] = type.split(":");
  const [folder = "", file = ""] = module.split("/");
  const repeats = file !== "" && file.toLowerCase() === name.toLowerCase();
  return repeats ? `${packageName}:${folder}:${name}` : type;
}
