#!/usr/bin/env bash
# Makes sure that the tests of Spark find pyspark (460 MB, pinned) and a Java: uses what is there, else
# asks pip and the system's package manager. Always ends well: without them the tests of Spark are
# skipped, and pytest says so.
set -u

python=${1:-python3}
if ! "$python" -c 'from importlib.util import find_spec as f; exit(not f("pyspark") or not f("grpc"))'; then
    echo "Installing the pinned pyspark (460 MB, once) ..."
    if ! "$python" -m pip --disable-pip-version-check --quiet --retries 2 \
        install --require-hashes -r requirements-spark.lock; then
        echo "pyspark could not be installed here, so the tests of Spark are skipped."
        exit 0
    fi
fi

find_java() {
    local version
    command -v java >/dev/null 2>&1 || return 1
    version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
    [ "${version:-0}" -ge 17 ]
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

install_java() {
    if command -v apt-get >/dev/null 2>&1; then
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 default-jre-headless
    elif command -v dnf >/dev/null 2>&1; then
        as_root dnf install -y -q java-latest-openjdk-headless
    elif command -v apk >/dev/null 2>&1; then
        as_root apk add --quiet openjdk17-jre-headless
    elif command -v pacman >/dev/null 2>&1; then
        as_root pacman -Sy --noconfirm --quiet jre-openjdk-headless
    elif command -v zypper >/dev/null 2>&1; then
        as_root zypper --non-interactive --quiet install java-17-openjdk-headless
    else
        return 1
    fi
}

if find_java; then
    echo "Java for the tests of Spark: $(command -v java)"
    exit 0
fi

echo "No Java 17 found; asking the system's package manager for one."
log=$(mktemp)
install_java >"$log" 2>&1
if find_java; then
    echo "Java for the tests of Spark: $(command -v java)"
else
    tail -n 5 "$log"
    echo "Java could not be installed here, so the tests of Spark are skipped."
fi
