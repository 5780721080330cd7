#!/usr/bin/env bash
# Builds Prometheus 3 and prints the path of the binary as its last line of output. Without service discovery and
# without the web interface this takes about two minutes and network access to the Go module proxy. The binary of 50 MB
# is kept in a cache that is keyed by the version.
#
#   test/e2e/prometheus/build.sh          build unless it is in the cache
#   test/e2e/prometheus/build.sh --path   only print where the binary is or would be
#
# OTEL_FORECAST_TOOLS_DIR names the cache (default: ${XDG_CACHE_HOME:-$HOME/.cache}/otel-forecast).
set -euo pipefail

# Prometheus 3.16.0: as a Go module, version 3.x.y is v0.3xx.y.
version=0.316.0
longest_seconds=900
cache=${OTEL_FORECAST_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/otel-forecast}
folder="$cache/prometheus-$version"
binary="$folder/prometheus"

if [[ "${1:-}" == "--path" || -x "$binary" ]]; then
  echo "$binary"
  exit 0
fi

if ! command -v go >/dev/null; then
  echo "build.sh: needs Go (https://go.dev/dl/) on the PATH to build Prometheus" >&2
  exit 1
fi

# Another clone on this machine may build it too: wait for it rather than build twice.
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if [[ ! -x "$binary" ]]; then
  echo "build.sh: building Prometheus $version (some minutes)" >&2
  # Without symbol tables the binary is a third smaller; CGO off makes it run on any Linux of this architecture.
  CGO_ENABLED=0 GOFLAGS="-buildvcs=false" GOBIN="$folder/build" timeout "$longest_seconds" \
    go install -tags remove_all_sd -ldflags="-s -w" "github.com/prometheus/prometheus/cmd/prometheus@v$version" >&2
  # Moved last, in one step: a binary that is there is whole.
  mv "$folder/build/prometheus" "$binary"
  rmdir "$folder/build"
fi
echo "$binary"
