#!/usr/bin/env bash
# Unpacks the Pythons of a Debian release, so that scripts/each_python.py finds them. Wants root,
# debootstrap and patchelf, and 350 MB:
#
#   scripts/bring_pythons.sh [RELEASE [VERSION...]]     (forky 3.14 3.15)
#
# The interpreters run outside the unpacked release: copies of them load its libc and libraries by
# their paths. So they see this machine's Chromium, files and network.
set -euo pipefail

release=${1:-forky}
versions=("${@:2}")
[ $# -gt 1 ] || versions=(3.14 3.15)
root=/opt/debian-$release

scripts=/usr/share/debootstrap/scripts
[ -e "$scripts/$release" ] || ln -s sid "$scripts/$release"

if [ ! -e "$root/usr/outside" ]; then
    packages=$(printf ',python%s-venv' "${versions[@]}")
    debootstrap --variant=minbase --include="${packages#,}" "$release" "$root" >&2
fi

loader=$(find "$root"/usr/lib*/ -maxdepth 2 -name 'ld-linux*.so.*' | head -n 1)
libraries=$(dirname "$(find "$root/usr/lib" -maxdepth 2 -name libc.so.6)")
mkdir -p "$root/usr/outside"
for version in "${versions[@]}"; do
    copy=$root/usr/outside/python$version
    cp "$root/usr/bin/python$version" "$copy"
    patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$copy"
    # venv takes pip from a folder that is named from the root.
    sed -i "s|'WHEEL_PKG_DIR': '/usr/|'WHEEL_PKG_DIR': '$root/usr/|" \
        "$root/usr/lib/python$version"/_sysconfigdata*.py
    "$copy" --version
done
