#!/bin/sh
# One leg of a night: one release on the sandbox, or one cluster by its kubeconfig. Every engine here calls this.
#
#   LAB              folder or name of the lab             (default: openshift-service-mesh)
#   RELEASE          what the sandbox imitates; a cluster's own release is detected
#   KUBECONFIG_FILE  file with the kubeconfig, as the secret is mounted; without one the sandbox is used
#   CONTEXT          context of the kubeconfig
#   SHARD            1/2 or 2/2: one browser each
#   REPORTS          folder for the reports                (default: reports)
#
# Ends with certify's exit code: 0 certified, 1 the lab failed, 2 lab or usage wrong, 3 cluster or machine not fit,
# 4 cluster lost, 70 Labwright itself failed, 130 interrupted. The same as a word stands in $REPORTS/outcome.
set -eu
umask 077
cd "$(dirname "$0")/.."

reports=${REPORTS:-reports}
mkdir -p "$reports"
set -- "${LAB:-openshift-service-mesh}" --reports "$reports" --blob
if [ -n "${SHARD:-}" ]; then set -- "$@" --shard "$SHARD"; fi
if [ -n "${KUBECONFIG_FILE:-}" ]; then
  # Mounted secrets are readable for more than their owner; ours is not, and goes when we go.
  private=$(mktemp -d)
  trap 'rm -rf "$private"' EXIT
  cp "$KUBECONFIG_FILE" "$private/kubeconfig"
  chmod 600 "$private/kubeconfig"
  set -- "$@" --kubeconfig "$private/kubeconfig"
  if [ -n "${CONTEXT:-}" ]; then set -- "$@" --context "$CONTEXT"; fi
elif [ -n "${RELEASE:-}" ]; then
  export LABWRIGHT_RELEASE="$RELEASE"
fi

# In the background, so that this shell hears the engine's signal and can hand it on.
node cli/labwright.js certify "$@" &
run=$!
trap 'kill -TERM "$run" 2>/dev/null || true' TERM INT HUP
code=0
wait "$run" || code=$?
# A trapped signal ends the first wait; the run still tidies up and writes its reports.
while kill -0 "$run" 2>/dev/null; do
  code=0
  wait "$run" || code=$?
done
trap - TERM INT HUP

case $code in
  0) outcome=certified ;;
  1) outcome=lab-failed ;;
  2) outcome=usage ;;
  3) outcome=cluster-not-fit ;;
  4) outcome=cluster-lost ;;
  70) outcome=internal-fault ;;
  130) outcome=interrupted ;;
  # Killed by a signal that was not ours, or a Node that could not start.
  *) outcome=broken ;;
esac
printf '%s' "$outcome" >"$reports/outcome"
# A finding about the lab is not the same as a cluster that could not be had: Actions shows them by these titles.
if [ -n "${GITHUB_ACTIONS:-}" ]; then
  case $outcome in
    certified) ;;
    internal-fault | broken) echo "::error title=Labwright::$outcome: the lab was not judged" ;;
    cluster-*) echo "::warning title=Cluster::$outcome: the lab was not judged" ;;
    *) echo "::error title=Lab::$outcome" ;;
  esac
fi
exit "$code"
