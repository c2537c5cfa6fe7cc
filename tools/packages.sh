# shellcheck shell=bash
# The Debian packages each command needs, and getting those that are missing.

# Sets release (12), or ends with a clear sentence.
read_distribution() {
  local ID='' VERSION_ID='' PRETTY_NAME='an unknown system'
  # shellcheck source=/dev/null
  [ ! -r /etc/os-release ] || source /etc/os-release
  release=$VERSION_ID
  case $ID:$VERSION_ID in
    debian:12 | debian:13) ;;
    *) fail "This is $PRETTY_NAME; ./dev installs packages on Debian 12 and 13 only." \
      "Install what tools/packages.sh lists yourself and set RUNBOOK_SKIP_PACKAGES=1." ;;
  esac
}

# The two releases differ in these names only.
versioned_packages() {
  case $release in
    12) echo libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev postgresql-15 ;;
    13) echo libboost1.83-dev libboost-json1.83-dev libboost-url1.83-dev postgresql-17 ;;
  esac
}

# packages_for build|test|lint|node
packages_for() {
  case $1 in
    build)
      versioned_packages
      echo ca-certificates ccache clang-19 cmake lld-19 ninja-build pkgconf
      echo libcli11-dev libcurl4-openssl-dev libfmt-dev libgmock-dev libgtest-dev libpq-dev libpqxx-dev
      echo libre2-dev libspdlog-dev libssl-dev libyaml-cpp-dev prometheus-cpp-dev
      ;;
    test) echo chromium curl fonts-dejavu-core libclang-rt-19-dev procps ;;
    node) node_is_there || command -v npm >/dev/null || echo npm ;;
    lint) echo clang-format-19 clang-tidy-19 shellcheck ;;
  esac
}

# missing_packages NAME...: those that are not installed, one a line.
missing_packages() {
  local name status
  for name in "$@"; do
    status=$(dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null || true)
    grep -qx installed <<<"$status" || echo "$name"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Asks for sudo's password now, while the terminal is ours.
need_root() {
  [ "$(id -u)" -ne 0 ] || return 0
  if ! command -v sudo >/dev/null || ! sudo -v; then
    fail "These packages need root. Run this once as root, then ./dev again:" \
      "apt-get install --no-install-recommends $*"
  fi
}

# Debian's PostgreSQL package starts a cluster of the system's unless it is told not to; ours are private.
forbid_system_cluster() {
  local file=/etc/postgresql-common/createcluster.conf
  [ ! -e $file ] || return 0
  as_root mkdir -p /etc/postgresql-common
  as_root tee $file >/dev/null <<<"create_main_cluster = false"
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-confold "$@"
}

# need_packages GROUP...: installs what is missing of the groups, says so, and is silent when nothing is.
need_packages() {
  [ "${RUNBOOK_SKIP_PACKAGES:-}" != 1 ] || return 0
  local release group names wanted=()
  read_distribution
  for group in "$@"; do
    read -r -d '' -a names < <(packages_for "$group") || true
    wanted+=("${names[@]}")
  done
  install_packages "${wanted[@]}"
}

install_packages() {
  local missing
  readarray -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "packages that are missing (${#missing[@]}): ${missing[*]}"
  need_root "${missing[*]}"
  [[ " ${missing[*]} " != *" postgresql-"* ]] || forbid_system_cluster
  local advice="apt could not do it. Is the network there, and does another apt run? Then: ./dev again."
  must_step "$advice" "reading the package lists" apt-update apt_get update
  must_step "$advice" "installing packages (${#missing[@]} and what they need)" apt-install \
    apt_get install --no-install-recommends "${missing[@]}"
}
