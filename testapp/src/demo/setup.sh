# shellcheck shell=bash
# A JDK, Maven and iproute2, and the two jars built from the sources as they are.

agent_jar=$root/agent/target/hb-agent.jar
testapp_jar=$root/testapp/target/testapp.jar

setup() {
  install_missing
  if outdated "$agent_jar" agent || outdated "$testapp_jar" testapp; then
    busy "Building both jars (the first build fetches libraries)" \
      mvn -q -B -f "$root/pom.xml" -DskipTests package
    [[ -e $agent_jar && -e $testapp_jar ]] || fail "the build made no $agent_jar or no $testapp_jar"
  fi
}

# java_home: prints the first JDK of 17 or newer; fails where there is none.
java_home() {
  local home
  for home in "${JAVA_HOME-}" "$(path_home)" /usr/lib/jvm/*; do
    if [[ -x $home/bin/javac ]] && (($(java_version "$home") >= 17)); then
      printf '%s' "$home"
      return
    fi
  done
  return 1
}

path_home() {
  local javac
  javac=$(command -v javac) || return 0
  dirname -- "$(dirname -- "$(readlink -f -- "$javac")")"
}

# 1.8.0_402 and 17.0.15 are 1 and 17 here, which is good enough for "17 or newer".
java_version() {
  "$1/bin/javac" -version 2>&1 | sed -nE 's/^javac ([0-9]+).*/\1/p' | grep . || printf 0
}

missing() {
  java_home >/dev/null || printf 'jdk '
  command -v mvn >/dev/null || printf 'maven '
  command -v ip >/dev/null && command -v ss >/dev/null || printf 'iproute2 '
}

install_missing() {
  local wanted
  wanted=$(missing)
  if [[ -n $wanted ]]; then
    apt_install "$wanted"
    wanted=$(missing)
    [[ -z $wanted ]] || fail "still missing after the installation: $wanted"
  fi
  JAVA_HOME=$(java_home)
  export JAVA_HOME
}

apt_install() {
  local as_root=() packages=()
  if ((EUID != 0)); then as_root=(sudo -n); fi
  if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
    fail "please install $(say_missing "$1") and run this again" \
      "(on Debian, as root: apt-get install default-jdk-headless maven iproute2)"
  fi
  busy "Reading the list of packages" "${as_root[@]}" apt-get -q update
  read -ra packages <<<"${1/jdk/"$(jdk_package)"}"
  busy "Installing ${packages[*]}" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=60 install --no-install-recommends "${packages[@]}"
}

# Debian's default JDK is older than 17 in Debian 11, which has 17 beside it; later releases drop 17 in turn.
jdk_package() {
  if apt-cache show openjdk-17-jdk-headless >/dev/null 2>&1; then
    printf openjdk-17-jdk-headless
  else
    printf default-jdk-headless
  fi
}

say_missing() {
  local text=$1
  text=${text/jdk/a JDK (17 or newer),}
  text=${text/maven/Maven (3.8 or newer),}
  text=${text%% }
  printf '%s' "${text%,}"
}

# outdated JAR MODULE: succeeds if the jar is missing or older than its sources.
outdated() {
  [[ ! -e $1 ]] ||
    [[ -n $(find "$root/pom.xml" "$root/$2/pom.xml" "$root/$2/src/main" -newer "$1" -print -quit) ]]
}

# testapp ARGUMENT...: a testapp program as it is; under_agent ARGUMENT...: the same with the agent and $policy.
# Both are used through start, so that the pid is the JVM's own.
testapp() { exec "$JAVA_HOME/bin/java" -jar "$testapp_jar" "$@"; }
under_agent() { exec "$JAVA_HOME/bin/java" "-javaagent:$agent_jar=$policy" -jar "$testapp_jar" "$@"; }
