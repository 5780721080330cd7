#!/usr/bin/env bash
# Fetches the Apache Kafka broker of pom.xml with Maven and prints the folder of its Java archives as its last line of
# output. It is kept in a cache that is keyed by pom.xml, so that it is fetched once for each version of it.
#
#   test/e2e/kafka/install.sh          fetch unless it is in the cache
#   test/e2e/kafka/install.sh --path   only print where the archives are or would be
#
# OTEL_FORECAST_TOOLS_DIR names the cache (default: ${XDG_CACHE_HOME:-$HOME/.cache}/otel-forecast).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${OTEL_FORECAST_TOOLS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/otel-forecast}
digest=$(sha256sum "$here/pom.xml" | cut -c1-16)
folder="$cache/kafka-$digest"
jars="$folder/jars"

if [[ "${1:-}" == "--path" || -d "$jars" ]]; then
  echo "$jars"
  exit 0
fi

if ! command -v mvn >/dev/null; then
  echo "install.sh: needs Maven (https://maven.apache.org) on the PATH to fetch Apache Kafka" >&2
  exit 1
fi

# Another clone on this machine may fetch it too: wait for it rather than fetch twice.
mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9
if [[ ! -d "$jars" ]]; then
  echo "install.sh: fetching Apache Kafka (about 45 MB)" >&2
  rm -rf "$folder/unfinished"
  mvn --quiet --batch-mode --file "$here/pom.xml" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
    -DoutputDirectory="$folder/unfinished" >&2
  # Moved last, in one step: a folder that is there is whole.
  mv "$folder/unfinished" "$jars"
fi
echo "$jars"
