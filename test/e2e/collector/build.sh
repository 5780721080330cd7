#!/usr/bin/env bash
# Builds the OpenTelemetry Collector of manifest.yaml and prints the path of the binary as its last line of output.
# The build takes some minutes and network access to the Go module proxy; it is kept in a cache that is keyed by the
# manifest, so that it happens once for each version of it.
#
#   test/e2e/collector/build.sh          build unless it is in the cache
#   test/e2e/collector/build.sh --path   only print where the binary is or would be
#
# OTEL_FORECAST_TOOLS_DIR names the cache (default: ${XDG_CACHE_HOME:-$HOME/.cache}/otel-forecast).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
manifest="$here/manifest.yaml"
version=$(sed -n 's/^  version: //p' "$manifest")
cache=${OTEL_FORECAST_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/otel-forecast}
digest=$(sha256sum "$manifest" | cut -c1-16)
folder="$cache/otelcol-$digest"
binary="$folder/otelcol-forecast"

if [[ "${1:-}" == "--path" || -x "$binary" ]]; then
  echo "$binary"
  exit 0
fi

if ! command -v go >/dev/null; then
  echo "build.sh: needs Go (https://go.dev/dl/) on the PATH to build the OpenTelemetry Collector" >&2
  exit 1
fi

# Another build of the same manifest may be under way (two clones on one machine): wait for it rather than build twice.
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if [[ ! -x "$binary" ]]; then
  echo "build.sh: building the OpenTelemetry Collector $version (some minutes)" >&2
  cd "$folder"
  GOBIN="$folder/bin" go install "go.opentelemetry.io/collector/cmd/builder@v$version" >&2
  # Without symbol tables the binary is a third smaller; CGO off makes it run on any Linux of this architecture.
  CGO_ENABLED=0 GOFLAGS="-buildvcs=false" ./bin/builder --config "$manifest" --ldflags="-s -w" >&2
  # Moved last, in one step: a binary that is there is whole.
  mv build/otelcol-forecast "$binary"
  rm -rf build bin
fi
echo "$binary"
