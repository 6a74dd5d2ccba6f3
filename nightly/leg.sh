#!/bin/sh
# Plays one leg: one release in the sandbox, or one cluster given by its kubeconfig. Every engine here calls this script.
#
#   LAB              folder or name of the lab             (default: openshift-service-mesh)
#   RELEASE          release that the sandbox imitates; a cluster's own release is detected
#   KUBECONFIG_FILE  file with the kubeconfig, as the secret is mounted; without one the sandbox is used
#   CONTEXT          context of the kubeconfig
#   SHARD            1/2 or 2/2: one browser each
#   REPORTS          folder for the reports                (default: reports)
#
# Exits with certify's exit code: 0 certified, 1 the lab failed, 2 lab or usage wrong, 3 cluster or machine not fit,
# 4 cluster lost, 70 Labwright itself failed, 130 interrupted. $REPORTS/outcome contains the same as a word.
set -eu
umask 077
cd "$(dirname "$0")/.."

reports=${REPORTS:-reports}
mkdir -p "$reports"
set -- "${LAB:-openshift-service-mesh}" --reports "$reports" --blob
if [ -n "${SHARD:-}" ]; then set -- "$@" --shard "$SHARD"; fi
if [ -n "${KUBECONFIG_FILE:-}" ]; then
  # Others may be able to read mounted secrets. This copy is readable only by its owner, and is deleted at the end.
  private=$(mktemp -d)
  trap 'rm -rf "$private"' EXIT
  cp "$KUBECONFIG_FILE" "$private/kubeconfig"
  chmod 600 "$private/kubeconfig"
  set -- "$@" --kubeconfig "$private/kubeconfig"
  if [ -n "${CONTEXT:-}" ]; then set -- "$@" --context "$CONTEXT"; fi
elif [ -n "${RELEASE:-}" ]; then
  export LABWRIGHT_RELEASE="$RELEASE"
fi

# In the background, so that this shell receives the engine's signal and can pass it on.
node cli/labwright.js certify "$@" &
run=$!
trap 'kill -TERM "$run" 2>/dev/null || true' TERM INT HUP
code=0
wait "$run" || code=$?
# A trapped signal ends the first wait; the run still cleans up and writes its reports.
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
  # Killed by another signal, or Node could not start.
  *) outcome=broken ;;
esac
printf '%s' "$outcome" >"$reports/outcome"
# GitHub Actions shows these titles, which distinguish a finding about the lab from an unavailable cluster.
if [ -n "${GITHUB_ACTIONS:-}" ]; then
  case $outcome in
    certified) ;;
    internal-fault | broken) echo "::error title=Labwright::$outcome: the lab was not judged" ;;
    cluster-*) echo "::warning title=Cluster::$outcome: the lab was not judged" ;;
    *) echo "::error title=Lab::$outcome" ;;
  esac
fi
exit "$code"
