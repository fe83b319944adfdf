#!/usr/bin/env bash
# Makes sure that the tests find a Chromium: uses the one that is there, else asks the package manager.
# Always ends well: without a browser its tests are skipped, and pytest says so.
set -u

find_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null 2>&1 && "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    return 1
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

install_browser() {
    if command -v apt-get >/dev/null 2>&1; then
        # Quiet, and without questions: this runs unattended.
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
            as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 chromium
    elif command -v dnf >/dev/null 2>&1; then
        as_root dnf install -y -q chromium
    elif command -v apk >/dev/null 2>&1; then
        as_root apk add --quiet chromium
    elif command -v pacman >/dev/null 2>&1; then
        as_root pacman -Sy --noconfirm --quiet chromium
    elif command -v zypper >/dev/null 2>&1; then
        as_root zypper --non-interactive --quiet install chromium
    else
        return 1
    fi
}

if browser=$(find_browser); then
    echo "Browser for the report's tests: $browser"
    exit 0
fi

echo "No Chromium found; asking the system's package manager for one."
log=$(mktemp)
install_browser >"$log" 2>&1
if browser=$(find_browser); then
    echo "Browser for the report's tests: $browser"
else
    tail -n 5 "$log"
    echo "Chromium could not be installed here, so the tests that open the report are skipped."
    echo "To run them, install the package 'chromium' yourself and repeat 'make test'."
fi
rm -f "$log"
exit 0
