/** Generated from schemas/*.schema.json by `npm run generate`. Do not edit. */
/**
 * A lab: its sections are the NN-name.yaml files beside this one, in order.
 */
export interface RawLab {
/**
 * The lab's name, as on the guide's cover.
 */
title: string
/**
 * Where to find the printed guide: a URL or a title.
 */
guide?: string
/**
 * The sections' files beside this one, in order. Default: every NN-name.yaml, by number.
 * 
 * @minItems 1
 */
sections?: [string, ...(string)[]]
/**
 * Which program stands in for an image in the sandbox; a path relative to this file.
 */
images?: string
/**
 * Values that differ between releases; a path relative to this file.
 */
releases?: string
/**
 * The temporary pods that `call` creates.
 */
call?: {
/**
 * An image with sh and curl.
 */
image: string
}
/**
 * Git repositories that the guide clones, and the folder with this lab's copy of the files, which the sandbox serves.
 */
repositories?: RawRepository[]
/**
 * Objects that the lab changes although it did not create them. On a real cluster the change is allowed, and undone afterwards.
 */
changes?: RawDeclaredChange[]
/**
 * Where the lab deliberately differs from the printed guide; listed on the certificate.
 */
departures?: RawDeparture[]
/**
 * On a real cluster, which the browsers share: number of the first section that each browser plays for itself. Earlier sections are played once. Default: each browser plays all.
 */
eachBrowserFrom?: number
}
export interface RawRepository {
/**
 * The URL in the guide's `git clone`.
 */
url: string
/**
 * The branch the guide clones.
 */
branch: string
/**
 * A folder, relative to this file.
 */
directory: string
}
export interface RawDeclaredChange {
/**
 * Group and version of the object; any version of the group counts.
 */
apiVersion: string
/**
 * Kind of the object.
 */
kind: string
/**
 * Name of the object.
 */
name: string
/**
 * Namespace of the object; absent for cluster-scoped objects.
 */
namespace?: string
/**
 * Why the lab changes this object.
 */
reason: string
}
export interface RawDeparture {
/**
 * What the guide prints.
 */
guide: string
/**
 * What the lab does instead.
 */
lab: string
/**
 * Why the lab differs.
 */
reason: string
}

/**
 * Exactly one verb and its options.
 */
export type RawStep = (RawApply | RawBrowse | RawCall | RawCheck | RawDelete | RawOperator | RawReady | RawRun | RawSample)
/**
 * The step's title in reports, if the step alone would not be clear.
 */
export type StepTitle = string
/**
 * How long to keep trying, such as 30s, 5m or 1h30m. Default: check none (runs once), ready and delete 2m, operator 10m, browse and call 30s.
 */
export type Duration = string
/**
 * A URL; the lab's shell replaces its variables.
 */
export type Url = string
/**
 * The page's title, or /a pattern/.
 */
export type PageTitle = string
/**
 * What the output must show: text it contains, /a pattern/, or `like`, `equals`, `table`; or a list of these.
 */
export type TextExpectations = (TextExpectation | [TextExpectation, ...(TextExpectation)[]])
/**
 * Text that the output contains, /a pattern/, or one of `like`, `equals`, `table`.
 */
export type TextExpectation = (string | RawLike | RawEquals | RawTable)
/**
 * The page's HTTP status.
 */
export type PageStatus = number
/**
 * An HTTP status, or how the connection ended.
 */
export type CallOutcome = (number | ("connected" | "reset" | "timeout" | "no-answer" | "no-such-host" | "refused" | "empty-reply" | "tls-failure"))
/**
 * As the guide prints it; only the shell replaces variables in it.
 */
export type Command = string
/**
 * The exit code the command must end with.
 */
export type Exit = number
/**
 * `kind/name`, or a list of them.
 */
export type ObjectNames = (string | [string, ...(string)[]])
/**
 * Default: the terminal's current project.
 */
export type Namespace = string
/**
 * A percentage.
 */
export type Share = string

/**
 * One section of a lab guide: exercises, each a list of steps played in order.
 */
export interface RawSection {
/**
 * The section's heading in the guide.
 */
title: string
/**
 * In the guide's order.
 * 
 * @minItems 1
 */
exercises: [RawExercise, ...(RawExercise)[]]
}
/**
 * One Playwright test: passes if all of its steps pass.
 */
export interface RawExercise {
/**
 * The exercise's heading in the guide.
 */
title: string
/**
 * Why the lab has an exercise that is not in the guide.
 */
beyondTheGuide?: string
/**
 * Parts of the guide that are not played here, each with the reason; the certificate lists them.
 */
skipped?: RawSkipped[]
/**
 * Played in order; the first that fails ends the exercise.
 * 
 * @minItems 1
 */
steps: [RawStep, ...(RawStep)[]]
}
export interface RawSkipped {
/**
 * What the guide says.
 */
what: string
/**
 * Why it is not played.
 */
reason: string
}
/**
 * Creates objects, or merges into existing ones, where the guide clicks Create in the console.
 */
export interface RawApply {
/**
 * A manifest, a list of manifests, or paths of manifest files relative to this file.
 */
apply: (RawManifest | string | [(RawManifest | string), ...((RawManifest | string))[]])
title?: StepTitle
expect?: ObjectExpectation
/**
 * The guide creates it in the web console: on the operator's page by the form as it is offered or in the YAML view, or by Import YAML, the + at the top. Where a run has a console, it is clicked there.
 */
console?: ("form" | "yaml" | "import")
drift?: RawDrift
}
/**
 * A Kubernetes object.
 */
export interface RawManifest {
/**
 * Group and version.
 */
apiVersion: string
/**
 * Kind of object.
 */
kind: string
/**
 * The object's name and namespace.
 */
metadata: {
/**
 * The object's name.
 */
name: string
[k: string]: unknown
}
[k: string]: unknown
}
/**
 * A subset that the object must contain (strings between slashes are patterns, list items match in any order), or `{ cel: … }`.
 */
export interface ObjectExpectation {
[k: string]: unknown
}
/**
 * Releases on which the step is known to fail, each with the reason: `2.5`, or `2.5+` for it and those listed after it. The step is played and shown as known drift, and the following steps are played.
 */
export interface RawDrift {
[k: string]: RawDriftEntry
}
export interface RawDriftEntry {
/**
 * Why the release differs; shown in every report.
 */
because: string
within?: Duration
}
/**
 * Opens a page in the project's browser, does what a person does there, and checks it.
 */
export interface RawBrowse {
browse: Url
title?: StepTitle
/**
 * Done once, in order, after the page has opened.
 * 
 * @minItems 1
 */
do?: [("reload" | {
/**
 * CSS selector of a field, and what to type into it.
 */
fill: {
[k: string]: string
}
} | {
/**
 * CSS selector of what to click.
 */
click: string
}), ...(("reload" | {
/**
 * CSS selector of a field, and what to type into it.
 */
fill: {
[k: string]: string
}
} | {
/**
 * CSS selector of what to click.
 */
click: string
}))[]]
expect?: RawPage
within?: Duration
drift?: RawDrift
}
/**
 * What the page must show, in both browsers or in one.
 */
export interface RawPage {
title?: PageTitle
text?: TextExpectations
status?: PageStatus
firefox?: RawBrowserPage
chromium?: RawBrowserPage
}
export interface RawLike {
/**
 * The guide's sample output: ages, hashes, addresses and generated suffixes match by shape, `...` stands for any lines.
 */
like: string
}
export interface RawEquals {
/**
 * The whole output, apart from white space at both ends.
 */
equals: string
}
export interface RawTable {
/**
 * Rows that the table must have, as column to value; `count` says how many rows must match.
 * 
 * @minItems 1
 */
table: [{
[k: string]: string | number
}, ...({
[k: string]: string | number
})[]]
}
/**
 * What the page must show in this browser only.
 */
export interface RawBrowserPage {
title?: PageTitle
text?: TextExpectations
status?: PageStatus
}
/**
 * One call from a temporary pod inside the cluster, and how it ended.
 */
export interface RawCall {
/**
 * `http://…` or `tcp://host:port`, as seen from the pod.
 */
call: string
title?: StepTitle
/**
 * The pod that calls.
 */
from: {
/**
 * The pod's namespace.
 */
namespace: string
/**
 * Whether the pod has a sidecar proxy.
 */
sidecar: boolean
}
/**
 * Request headers.
 */
headers?: {
[k: string]: string
}
/**
 * An HTTP status, or how the connection ends.
 */
expect: (CallOutcome | RawCallExpectation)
/**
 * The expected outcome of the same call from another pod at the same time. An outcome alone means a pod in the same namespace, with a sidecar if `from` has none, and without one if it has.
 */
control?: (CallOutcome | RawCallControl)
within?: Duration
drift?: RawDrift
}
export interface RawCallExpectation {
outcome: CallOutcome
text?: TextExpectations
}
export interface RawCallControl {
/**
 * The pod that calls.
 */
from: {
/**
 * The pod's namespace.
 */
namespace: string
/**
 * Whether the pod has a sidecar proxy.
 */
sidecar: boolean
}
expect: CallOutcome
}
/**
 * A command that only looks: skipped on catch-up; with `within`, repeated until the output matches.
 */
export interface RawCheck {
check: Command
title?: StepTitle
expect?: TextExpectations
exit?: Exit
/**
 * Rules of a mesh (`kind/name`) that all proxies must have. The mesh is asked; if it does not report it, the command must show it.
 */
arrived?: (string | [string, ...(string)[]])
/**
 * Namespace of the rules in `arrived`. Default: the terminal's current project.
 */
namespace?: string
within?: Duration
drift?: RawDrift
}
/**
 * Objects to delete; waits until they are gone.
 */
export interface RawDelete {
delete: ObjectNames
title?: StepTitle
namespace?: Namespace
within?: Duration
drift?: RawDrift
}
/**
 * Installs an operator from OperatorHub; passes once its ClusterServiceVersion has Succeeded.
 */
export interface RawOperator {
/**
 * The package's name in the catalog.
 */
operator: string
title?: StepTitle
/**
 * The update channel that the guide selects.
 */
channel: string
/**
 * The CatalogSource.
 */
source?: string
/**
 * The CatalogSource's namespace.
 */
sourceNamespace?: string
/**
 * The namespace in which the console installs it.
 */
namespace?: string
/**
 * The version to start from, if not the channel's newest.
 */
startingCsv?: string
/**
 * The guide installs it in the web console: where a run has one, it is clicked there.
 */
console?: true
within?: Duration
drift?: RawOperatorDrift
}
/**
 * Releases that differ from the guide, each with the reason: `2.1`, or `2.1+` for it and those listed after it. `channel` is used instead of the guide's; without it, the step is known to fail.
 */
export interface RawOperatorDrift {
[k: string]: RawOperatorDriftEntry
}
export interface RawOperatorDriftEntry {
/**
 * Why the release differs; shown in every report.
 */
because: string
within?: Duration
/**
 * The channel that the release's catalog has.
 */
channel?: string
}
/**
 * Watches objects until they are ready: Pods n/n, Deployments rolled out, and any kind with a Ready condition.
 */
export interface RawReady {
/**
 * `kind/name`, a list of them, or a kind together with `selector`.
 */
ready: (string | [string, ...(string)[]])
title?: StepTitle
namespace?: Namespace
/**
 * Label selector of the objects to wait for.
 */
selector?: string
/**
 * How many objects the selector must find.
 */
count?: number
/**
 * A CEL expression over `object` that says when it is ready, instead of the built-in rule.
 */
until?: string
expect?: ObjectExpectation
within?: Duration
drift?: RawDrift
}
/**
 * A command of the guide, verbatim, in the lab's terminal.
 */
export interface RawRun {
run: Command
title?: StepTitle
expect?: TextExpectations
exit?: Exit
drift?: RawDrift
}
/**
 * Requests from inside the browser, counted until a sequential test has a verdict; never repeated.
 */
export interface RawSample {
sample: Url
title?: StepTitle
/**
 * What each response is counted by.
 */
by?: (("title" | "status") | {
/**
 * A response header.
 */
header: string
})
/**
 * Each value and its share; the shares add up to 100%. Any other value is a failure.
 */
expect: {
[k: string]: Share
}
/**
 * A percentage.
 */
catches?: string
/**
 * How rarely a correct split may be reported as wrong.
 */
confidence?: string
/**
 * How rarely a split that deviates by `catches` may pass.
 */
misses?: string
drift?: RawDrift
}

/**
 * Named releases of the product, with the values that differ between them; expectations read them as `${release.…}`.
 */
export interface RawReleases {
/**
 * Release name (in quotes) to values; the first release is the default.
 */
releases: {
[k: string]: RawFigures
}
/**
 * Version prefixes on which the guide can't be followed, each with the reason. A cluster with such a version is refused.
 */
refuses?: {
[k: string]: string
}
}
/**
 * Values of one release, grouped as you like.
 */
export interface RawFigures {
[k: string]: string | number | boolean | string[] | RawFigures
}

/**
 * Which program stands in for an image in the sandbox.
 */
export interface RawImages {
/**
 * An exact reference is used before a pattern; of several patterns the first that matches.
 */
images: RawImage[]
}
export interface RawImage {
/**
 * The exact reference; * stands for any text.
 */
image: string
/**
 * Paths starting with ./ are relative to this file; `node` is this project's Node.
 * 
 * @minItems 1
 */
command: [string, ...(string)[]]
/**
 * Arguments of the command; the pod's `args` replace them.
 */
args?: string[]
/**
 * The image's environment variables.
 */
env?: {
[k: string]: string
}
/**
 * The ports the program listens on.
 */
ports?: number[]
}

