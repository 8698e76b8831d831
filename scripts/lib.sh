# Sourced by the scripts beside it: where things lie, how to say something, how to get a program.
# shellcheck shell=bash
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tapo-doctor
mkdir -p "$cache"
# Networks with a proxy of their own have its certificate in the system's store.
# Home Assistant installs what it needs at run time through uv too, and inherits this.
export UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1 UV_LINK_MODE=${UV_LINK_MODE:-copy}

say() { printf 'tapo-doctor: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# pypi_program NAME: the path of a program that PyPI carries, fetched once when it is not on the PATH.
pypi_program() {
  local name=$1 home=$cache/$1
  if [ -x "$home/bin/$name" ]; then echo "$home/bin/$name"; return; fi
  if [ "$name" = uv ] && command -v uv >/dev/null; then command -v uv; return; fi
  command -v python3 >/dev/null || die "Python 3 is missing: install it and run this again."
  say "fetching $name from PyPI"
  # Put in its place when complete, so that an interruption leaves nothing half done.
  rm -rf "$home" "$home.new"
  pip_any install --quiet --target "$home.new" --upgrade "$name" >&2 ||
    die "$name could not be fetched from PyPI: is this machine on the network?"
  mv "$home.new" "$home"
  echo "$home/bin/$name"
}

# Debian's Python comes without pip unless asked for; its own package of pip's wheel then does the work.
pip_any() {
  if python3 -m pip --version >/dev/null 2>&1; then
    python3 -m pip --disable-pip-version-check "$@" 2> >(grep -v -i warning >&2)
    return
  fi
  local home=$cache/debian-pip mirror
  if [ ! -e "$home/ready" ]; then
    mirror=$(debian_mirror) || die "pip is missing: install pip for python3 and run this again."
    private_apt "$home" "$mirror" "$(debian_suite)"
    apt_get "$home" --download-only --no-install-recommends --yes install python3-pip-whl
    for package in "$home"/cache/archives/python3-pip-whl*.deb; do dpkg-deb -x "$package" "$home/root"; done
    touch "$home/ready"
  fi
  python3 "$(ls "$home"/root/usr/share/python-wheels/pip-*.whl | head -n 1)/pip" --disable-pip-version-check "$@"
}

# The address of the Debian mirror that this system is set up with; fails where there is none.
debian_mirror() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  local site
  site=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -E '/debian/?$' | head -n 1)
  # Ubuntu's mirrors do not carry Debian; whoever needs this there names a mirror that does.
  site=${DEBIAN_MIRROR:-$site}
  [ -n "$site" ] && echo "$site"
}

debian_suite() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

# private_apt HOME MIRROR SUITE: an apt of our own in HOME, which knows one suite and no installed package.
private_apt() {
  local home=$1 mirror=$2 suite=$3 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -e "$keyring" ] || die "Debian's keyring is missing: install the package debian-archive-keyring and run this again."
  mkdir -p "$home/state/lists/partial" "$home/cache/archives/partial" "$home/empty"
  : >"$home/state/status"
  echo "deb [signed-by=$keyring] $mirror $suite main" >"$home/sources.list"
  apt_get "$home" update
}

apt_get() {
  local home=$1 log=$1/apt.log
  shift
  apt-get -o Dir::State="$home/state" -o Dir::State::status="$home/state/status" -o Dir::Cache="$home/cache" \
    -o Dir::Etc::SourceList="$home/sources.list" -o Dir::Etc::SourceParts="$home/empty" \
    -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o Acquire::Languages=none \
    -o APT::Update::Post-Invoke-Success= "$@" >"$log" 2>&1 ||
    { tail -n 5 "$log" >&2; die "Debian's package mirror did not give what was asked for (the whole answer is in $log)"; }
}
