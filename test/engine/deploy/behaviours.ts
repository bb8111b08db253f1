/**
 * The behaviours of Pulumi's engine that deployments reproduce, by their numbers in the specification, each with the
 * tests in this folder that hold it: the name of the file without its ending, and the title.
 */
export const BEHAVIOURS: Readonly<Record<number, readonly `${string}: ${string}`[]>> = {
  // An empty program.
  1: ["steps: of an empty program makes the stack alone"],
  // Create, update, same, delete.
  2: ["steps: makes what is new, keeps what is the same, changes what differs and deletes what is gone"],
  // A program that throws deletes nothing.
  3: [
    "programs: that throws deletes nothing, and what it told of that itself is told once",
    "failures: of the program nothing is deleted",
  ],
  // Exit code 32 is not reported again, another is.
  4: [
    "programs: that throws deletes nothing, and what it told of that itself is told once",
    "programs: that ends itself with a code is a failure that the code tells of, and nothing is deleted",
  ],
  // The stack is answered before user code runs.
  5: ["programs: runs after the stack was made, and ends after everything was deleted"],
  // The end of a program waits for the deletions.
  6: ["programs: runs after the stack was made, and ends after everything was deleted"],
  // Stack outputs, merged after a failure.
  7: [
    "stack-outputs: are written last, replace those of before, and are told",
    "stack-outputs: merge over those of before when something failed",
  ],
  // Outputs of components, and the empty answer.
  8: [
    "stack-outputs: has the outputs that its program registers, is changed by its inputs alone, and has no id or provider",
    "stack-outputs: is answered with no outputs, since an answer would overwrite its own",
  ],
  // Nesting of URNs, and duplicates.
  9: [
    "stack-outputs: holds the types of all parents but the stack's, and a name with colons as it is",
    "stack-outputs: that a program uses twice, and a parent that it never made, end the run",
  ],
  // The name of a default provider, and its upgrade.
  10: [
    "providers: is named for its version, has no parent, and is made before its first resource alone",
    "providers: of another version takes the resources over without replacing them",
  ],
  // A replaced provider replaces its resources.
  11: [
    "providers: is replaced, and its resources with it, and no others",
    "providers: replaces the resources of a default provider too, when its configuration says so",
  ],
  // Explicit providers, inherited and by map.
  12: [
    "providers: serves the resources that name it, those whose parent names it, and those below a component that has it",
  ],
  // Provider configuration as texts, secrets, the engine's own hidden.
  13: [
    "providers: gets the configuration of its package as texts, secrets marked, and nothing of the engine's own",
  ],
  // Provider configuration that is not known in a preview.
  14: [
    "providers: with values that are not known before the deployment is not asked in a preview, and its resources are planned",
    "providers: that is new, with values that are not known yet, is planned with everything that it will serve",
  ],
  // A preview without the provider's support.
  15: ["providers: is not asked in a preview: what is made or changed has its inputs as outputs"],
  // ReplaceOnChanges.
  16: [
    "replacement: makes a resource anew when %s is named, and only then",
    "replacement: makes a resource anew that the last deployment left not in order, for #initerror",
  ],
  // IgnoreChanges, with lists and secrets.
  17: [
    "options: of %s leaves it as it was deployed, and nothing else",
    "options: keeps a secret that it puts back secret",
    "options: says where it cannot tell what a value was, because elements came or went, and lets the change happen",
  ],
  // Create before delete, with a crash in between.
  18: [
    "replacement: makes the new resource, moves its dependents over, and deletes the old one last",
    "replacement: that was killed between making the new one and deleting the old one deletes what is left",
  ],
  // Delete before replace, with dependents.
  19: [
    "delete-before-replace: deletes dependents that cannot live with another one first, in reverse order, and makes them anew after",
  ],
  // An interrupted delete before replace goes on.
  20: [
    "delete-before-replace: that was killed after the deletions goes on with what is missing, and deletes nothing twice in the world",
    "delete-before-replace: that failed to make the new one goes on in the next run",
    "delete-before-replace: that was interrupted and is not wanted any more is forgotten, without asking the provider",
  ],
  // States that are left to be deleted.
  21: [
    "deletion: is deleted by the next run, whether or not its resource is still declared",
    "replacement: whose old resource cannot be deleted keeps it, and each later run tries again, however many there are",
  ],
  // The order of deletions.
  22: ["deletion: come in reverse order of dependencies, parents, and the parts of components"],
  // Protect, on deletion and on replacement.
  23: [
    "replacement: is not replaced: the run fails before anything is done to it, and says how to unprotect it",
    "replacement: fails a preview of its replacement, which tells of everything else too",
    "replacement: is not deleted, and everything else is",
    "delete-before-replace: is refused while a dependent that would have to go is protected",
  ],
  // RetainOnDelete and deletedWith.
  24: [
    "deletion: forgets a resource that is not declared any more, and leaves it where it is",
    "deletion: leaves the deletion to the other resource when both go",
  ],
  // A resource that is not in order is kept, and changed until it is.
  25: [
    "failures: when it was made is kept with what is wrong, fails the run, and is changed until it is in order",
  ],
  // A failed update keeps the old inputs.
  26: [
    "failures: when it was changed keeps its old inputs, so that the change is still to be made, and its new outputs",
    "failures: keeps the old inputs and outputs, and both times",
  ],
  // Pending operations.
  27: [
    "interruptions: stands in the state while something is made, changed, read, imported or deleted, and goes with its end",
    "interruptions: of a create that was killed is warned of and kept by every run, until a refresh is told to forget it",
    "interruptions: of type %s that was killed is dropped, and the next run does it again",
  ],
  // Cancellation.
  28: [
    "interruptions: lets what is under way end and be kept, begins nothing more, deletes nothing, and writes the outputs",
    "interruptions: twice cancels the providers, so that a request that hangs ends; what became of it stays to be settled",
  ],
  // Continue-on-error.
  29: [
    "failures: goes on with what does not depend on the failed resource, and skips what does",
    "failures: keeps the states of what was skipped, and of everything under what failed",
    "failures: goes on with other deletions when one fails, and spares what that one depends on",
  ],
  // Refresh: changed, gone, children of what is gone.
  30: [
    "refresh: takes over what was changed, and the next deployment changes it back",
    "refresh: forgets what is gone: its children lose their parent and keep their URNs, and nothing refers to it",
  ],
  // Refresh of what is not in order.
  31: [
    "refresh: warns of a resource that is not in order, keeps why, and forgets it when it is in order again",
  ],
  // Read, and read in the place of a managed resource.
  32: [
    "reads-and-imports: is kept as external, has the outputs that are there, and is read again by every run, previews too",
    "reads-and-imports: in the place of a managed one of another id deletes the old one, and of the same id lets it go",
  ],
  // The option import: another id, and differences.
  33: [
    "reads-and-imports: takes over what exists without touching it, and keeps the id in the state until the option is gone",
    "reads-and-imports: of another id takes the place of the resource that is there, which is deleted",
    "reads-and-imports: changes afterwards what the program wants to be different, and shows both in a preview",
  ],
  // Aliases: name, type, parent, inherited, noParent.
  34: [
    "aliases: of %s finds the resource that had it",
    "aliases: of a parent is that of its children too, whose names begin with its name",
    "aliases: of another parent finds the resource there",
  ],
  // References to resources and to stacks.
  35: [
    "programs: to a resource are filled in from what this run made, and to another stack from its outputs, secrets marked",
  ],
  // Secrets: functions, outputs, additionalSecretOutputs, a provider that knows none.
  36: [
    "programs: stays one through inputs, outputs, functions, the configuration and the state",
    "secrets: input makes what repeats it or follows from it secret, with a provider that marks secrets: %s",
    "secrets: given to a function comes back secret, with a provider that marks secrets: %s",
    "secrets: output is what the program names in additionalSecretOutputs, and the id never is",
  ],
  // Hashes of assets and archives, and their contents left out.
  37: [
    "assets: is that which the official engine makes",
    "assets: is the same while the content is, wherever it comes from, and is changed when it is not",
    "assets: gets from a real program what it holds, with paths relative to the program",
  ],
  // A provider that cannot tell whether a resource differs.
  38: ["steps: leaves it to the engine, which compares the inputs"],
  // Transforms of resources and of functions.
  39: [
    "programs: of a resource, its parents and the stack change what is deployed, and those of functions what is asked",
  ],
  // Policies: levels, remediation, configuration, stack, tags, unknowns, secrets.
  40: [
    "policies: is told, and changes nothing; one that is disabled is not even told",
    "policies: refuses the resource in an update: nothing is done to it, all that it breaks is told, and the run stops",
    "policies: is recorded in a preview, which shows everything else, deletions too, and fails",
    "policies: changes the inputs that are deployed, in a preview as well, and there is nothing to do afterwards",
    "policies: is configured by a file, and told of the project, the stack, its tags and the kind of run",
    "policies: gives no answer for what is not known in a preview, which is no pass and no failure, and judges it in the update",
    "policies: sees secrets, and what it says of them is blanked",
    "policies: judges the final outputs of everything at the end, the stack's own too, and fails a run that is done",
  ],
  // A state of the official CLI, and back.
  41: [
    "take-over: is read whole, planned with nothing to do, and written back as it was but for what was changed",
  ],
  // Refusal: integrity, magic, a lock of somebody else, another passphrase.
  42: [
    "take-over: %s is refused by everything, and stays as it is",
    "take-over: because its passphrase is another is refused, and stays as it is",
    "take-over: because somebody else works on it is refused, and says who; a preview is not",
  ],
  // Resources that the official CLI made are served by the provider that the state names.
  43: ["take-over: is destroyed by the provider that it names"],
};
