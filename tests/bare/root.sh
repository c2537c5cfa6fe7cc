# shellcheck shell=bash
# Minimal Debian roots: making one, copying the sources in, running a command inside.

# make_root ROOT SUITE: debootstrap's smallest variant. apt reaches its archive as on this machine: same
# transport settings, same certificate authorities, same name servers.
make_root() {
  local root=$1 suite=$2 archive
  [ ! -e "$root" ] || { echo "$root exists already; remove it first" >&2; return 1; }
  mkdir -p "$root"
  debootstrap --variant=minbase "$suite" "$root" >"$root.debootstrap.log" 2>&1 ||
    { tail -n 20 "$root.debootstrap.log"; return 1; }
  archive=$(sed -n 's/^deb \([^ ]*\) .*/\1/p' "$root/etc/apt/sources.list" | head -n 1)
  {
    echo "deb $archive $suite main"
    echo "deb $archive $suite-updates main"
    echo "deb ${archive%/}-security $suite-security main"
  } >"$root/etc/apt/sources.list"
  apt-config dump | grep -E '^Acquire::(http|https|Check)' >"$root/etc/apt/apt.conf.d/00machine" || true
  mkdir -p "$root/usr/local/share/ca-certificates"
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
  cp /etc/resolv.conf "$root/etc/resolv.conf"
}

# copy_sources FROM TO: as a clone would be, without anything built.
copy_sources() {
  mkdir -p "$2"
  tar -C "$1" --exclude=./build --exclude=./.git --exclude=node_modules --exclude=./ui/dist -cf - . |
    tar -C "$2" -xf -
}

# enter_root ROOT COMMAND...: in process and mount namespaces of its own, so that nothing outlives the
# command; with an empty environment but for proxies.
enter_root() {
  local root=$1 proxies
  shift
  readarray -t proxies < <(env | grep -iE '^(http|https|no)_proxy=' || true)
  # shellcheck disable=SC2016  # expanded inside the namespace
  unshare --pid --mount --fork --kill-child bash -c '
    root=$1
    shift
    mount --make-rprivate /
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm"
    mount -t tmpfs tmpfs "$root/tmp"
    exec chroot "$root" "$@"
  ' enter "$root" env -i HOME=/root TERM=dumb \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${proxies[@]+"${proxies[@]}"} "$@"
}
