#!/usr/bin/env bash
# Builds the Dockerfile where no Docker engine and no image registry can be reached: buildah in a chroot, on a base
# made here from Debian and a CPython 3.12 of this machine. As root: scripts/build-image-without-docker.sh [python3.12]
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-python3.12}
base=docker.io/library/python:3.12-slim
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot

[ "$(id -u)" = 0 ] || { echo "This needs root; nothing was built." >&2; exit 3; }
scripts/system-packages.sh buildah debootstrap

make_base() {
    local tree work container
    tree=$("$python" -c 'import sys; assert sys.version_info[:2] == (3, 12), sys.version; print(sys.base_prefix)')
    work=$(mktemp -d)
    trap 'rm -rf "$work"' RETURN
    debootstrap --variant=minbase --include=ca-certificates,libssl3,libsqlite3-0,libffi8,zlib1g,libbz2-1.0,liblzma5,libreadline8,libuuid1,libncursesw6,libexpat1 \
        bookworm "$work/debian" >/dev/null
    cp -a "$tree/." "$work/debian/usr/local/"
    rm -rf "$work"/debian/usr/local/lib/python3.12/{test,site-packages/*} "$work"/debian/usr/local/bin/pip*
    ln -sf python3.12 "$work/debian/usr/local/bin/python"
    ln -sf python3.12 "$work/debian/usr/local/bin/python3"
    chroot "$work/debian" ldconfig
    chroot "$work/debian" /usr/local/bin/python3.12 -m ensurepip >/dev/null 2>&1
    container=$(buildah from scratch)
    buildah add -q "$container" "$work/debian" /
    buildah config --env PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin --env LANG=C.UTF-8 "$container"
    buildah commit -q "$container" "$base"
    buildah rm "$container" >/dev/null
}

buildah inspect --type image "$base" >/dev/null 2>&1 || make_base
# The machine's own certificates and pip settings reach the build, and stay out of the image.
mounts=(--volume /etc/ssl/certs:/etc/ssl/certs:ro)
[ -f /etc/pip.conf ] && mounts+=(--volume /etc/pip.conf:/etc/pip.conf:ro)
buildah bud --format docker --pull=never "${mounts[@]}" --tag holdwatch .
container=$(buildah from --pull=never localhost/holdwatch)
buildah run --user 10001 "$container" -- holdwatch --help >/dev/null
buildah rm "$container" >/dev/null
echo "Built localhost/holdwatch, and 'holdwatch --help' ran in it as uid 10001."
