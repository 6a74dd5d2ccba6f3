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
 * Where the printed guide is: a URL or a title people can find it by.
 */
guide?: string
/**
 * The sections' files beside this one, in order. Default: every NN-name.yaml, by number.
 * 
 * @minItems 1
 */
sections?: [string, ...(string)[]]
/**
 * Which program an image reference runs on the sandbox; a path relative to this file.
 */
images?: string
/**
 * Figures that differ per release; a path relative to this file.
 */
releases?: string
/**
 * The throw-away pods that `call` makes.
 */
call?: {
/**
 * An image with sh and curl.
 */
image: string
}
/**
 * Git repositories that the guide clones, and where this lab keeps the same files; the sandbox serves these.
 */
repositories?: RawRepository[]
/**
 * Objects of somebody else that the lab changes on purpose: on a real cluster the change is let through and put back afterwards.
 */
changes?: RawDeclaredChange[]
/**
 * Where the lab knowingly differs from the printed guide; the certificate lists them.
 */
departures?: RawDeparture[]
/**
 * Number of the section from which on each browser plays for itself where browsers share a real cluster; what comes before is played once. All sections when absent.
 */
eachBrowserFrom?: number
}
export interface RawRepository {
/**
 * As the guide's `git clone` names it.
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
 * Namespace of the object; none for what has none.
 */
namespace?: string
/**
 * Why the lab changes what is not its own.
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
 * Exactly one verb and what belongs to it.
 */
export type RawStep = (RawApply | RawBrowse | RawCall | RawCheck | RawDelete | RawOperator | RawReady | RawRun | RawSample)
/**
 * What reports call this step, when the step itself does not say it well.
 */
export type StepTitle = string
/**
 * How long to go on looking until it holds, such as 30s, 5m or 1h30m. Default: check none (looks once), ready and delete 2m, operator 10m, browse and call 30s.
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
 * One Playwright test: passes when all of its steps hold.
 */
export interface RawExercise {
/**
 * The exercise's heading in the guide.
 */
title: string
/**
 * Why the lab has an exercise that the guide does not ask for.
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
 * What the guide asks for.
 */
what: string
/**
 * Why it is not played.
 */
reason: string
}
/**
 * Objects to create, or to merge into those that exist: where the guide clicks Create in the console.
 */
export interface RawApply {
/**
 * A manifest, a list of manifests, or paths of manifest files relative to this file.
 */
apply: (RawManifest | string | [(RawManifest | string), ...((RawManifest | string))[]])
title?: StepTitle
expect?: ObjectExpectation
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
 * The object's name, and where it belongs.
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
 * A subset that the object must hold (strings between slashes are patterns, list items match in any order), or `{ cel: … }`.
 */
export interface ObjectExpectation {
[k: string]: unknown
}
/**
 * Releases on which the step is known not to hold, each with the reason: `2.5`, or `2.5+` for it and those listed after it. It is played and shown as known drift, and what follows is played too.
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
 * Opens a page in the project's browser, does what a person does there, and looks.
 */
export interface RawBrowse {
browse: Url
title?: StepTitle
/**
 * Done once, in order, when the page is open.
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
 * The whole output, white space at the ends aside.
 */
equals: string
}
export interface RawTable {
/**
 * Rows that a table must have, as column to value; `count` says how many rows match.
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
 * One call from inside the cluster, from a throw-away pod, and how it ended.
 */
export interface RawCall {
/**
 * `http://…` or `tcp://host:port`, as the pod would address it.
 */
call: string
title?: StepTitle
/**
 * The pod that calls.
 */
from: {
/**
 * Where the pod is made.
 */
namespace: string
/**
 * Whether the mesh puts a proxy beside it.
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
 * What the same call must give at the same moment from another pod: an outcome alone means one with a sidecar where the call has none, or without one where it has.
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
 * Where the pod is made.
 */
namespace: string
/**
 * Whether the mesh puts a proxy beside it.
 */
sidecar: boolean
}
expect: CallOutcome
}
/**
 * A command that only looks: skipped on catch-up, and asked again until it holds when `within` is given.
 */
export interface RawCheck {
check: Command
title?: StepTitle
expect?: TextExpectations
exit?: Exit
/**
 * Rules of a mesh (`kind/name`) that all proxies must have. The mesh is asked; the command shows it where the mesh does not tell.
 */
arrived?: (string | [string, ...(string)[]])
/**
 * Of the rules in `arrived`. Default: the terminal's current project.
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
 * Installs an operator from OperatorHub; holds when its ClusterServiceVersion has Succeeded.
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
 * Where the CatalogSource is.
 */
sourceNamespace?: string
/**
 * Where the console installs it.
 */
namespace?: string
/**
 * The version to start from, when not the channel's newest.
 */
startingCsv?: string
within?: Duration
drift?: RawOperatorDrift
}
/**
 * Releases on which the guide's words do not fit, each with the reason: `2.1`, or `2.1+` for it and those listed after it. With `channel` that one is taken in its place; without, the step is known not to hold.
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
 * Waits, on a watch, until objects are ready: Pods n/n, Deployments rolled out, and any kind with a Ready condition.
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
 * A CEL expression over `object` that says when it is ready, instead of the built-in knowledge.
 */
until?: string
expect?: ObjectExpectation
within?: Duration
drift?: RawDrift
}
/**
 * A command of the guide, verbatim, in the lab's one terminal.
 */
export interface RawRun {
run: Command
title?: StepTitle
expect?: TextExpectations
exit?: Exit
drift?: RawDrift
}
/**
 * Requests from inside the browser, counted until a sequential test has its verdict; never retried.
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
 * How rarely a right split may be called wrong.
 */
confidence?: string
/**
 * How rarely a split that deviates by `catches` may be called right.
 */
misses?: string
drift?: RawDrift
}

/**
 * Named releases of what the lab is about, with the figures that differ between them; `${release.…}` in an expectation reads them.
 */
export interface RawReleases {
/**
 * Release name (in quotes) to figures; the first is the default.
 */
releases: {
[k: string]: RawFigures
}
/**
 * Beginnings of versions on which the guide can't be followed at all, each with the reason: a cluster with such a version is refused.
 */
refuses?: {
[k: string]: string
}
}
/**
 * Figures of one release, in groups as you like.
 */
export interface RawFigures {
[k: string]: string | number | boolean | string[] | RawFigures
}

/**
 * Which program an image reference runs on the sandbox.
 */
export interface RawImages {
/**
 * The first entry that fits is used.
 */
images: RawImage[]
}
export interface RawImage {
/**
 * The exact reference; a trailing * matches any rest.
 */
image: string
/**
 * Paths starting with ./ are relative to this file; `node` is this project's Node.
 * 
 * @minItems 1
 */
command: [string, ...(string)[]]
/**
 * The image's own environment.
 */
env?: {
[k: string]: string
}
/**
 * The ports the program listens on.
 */
ports?: number[]
}

