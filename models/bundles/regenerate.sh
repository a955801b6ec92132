#!/usr/bin/env bash
# Makes the bundles that come with Forearm again, from nothing: records the demonstrations, trains a student on
# them, has the expert coach it, and trains on both. Episodes and students are left in DIR beside the bundle.
#
#   models/bundles/regenerate.sh [--scale N] lift|tidy DIR
#
# --scale 20 takes a twentieth of the episodes and of the steps: it tells whether everything runs, and no more.
# PYTHON names an interpreter with what models/export/pyproject.toml asks for (default: python3).
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
die() { printf 'regenerate: %s\n' "$*" >&2; exit 1; }

scale=1
if [ "${1:-}" = --scale ]; then
  scale=${2:-}
  shift 2 || die "--scale: wanted a number"
fi
[[ $scale =~ ^[1-9][0-9]*$ ]] || die "--scale: found '$scale', wanted a whole number above 0"
[ $# = 2 ] || die "wanted lift or tidy and a folder that is not there yet"
task=$1
[[ $task =~ ^(lift|tidy)$ ]] || die "found task '$task', wanted lift or tidy"
out=$(realpath -m "$2")
[ ! -e "$out" ] || die "$out is there already; name another folder"
cd "$home"
export PYTHONPATH=models/export${PYTHONPATH:+:$PYTHONPATH}
python=${PYTHON:-python3}
"$python" -c 'import forearm_export.cli' || die "$python lacks what models/export/pyproject.toml asks for"

part() { echo $((($1 + scale - 1) / scale)); }

record() { # FOLDER EPISODES SEED [STUDENT]
  ./forearm record --task "$task" --episodes "$(part "$2")" --seed "$3" --push 0.006 --tail 0 \
    ${4:+--student "$out/$4"} --out "$out/episodes/$1"
}

train() { # BUNDLE STEPS FOLDER...
  local bundle=$1 steps=$2
  shift 2
  "$python" -m forearm_export.cli sft \
    --robot launch/src/main/resources/robots/tabletop.yaml --rate 0.002 --noise 0.3 \
    --task "$task" --steps "$(part "$steps")" --name "$bundle" --out "$out/$bundle" \
    --episodes "${@/#/$out/episodes/}"
}

case $task in
  lift)
    record demo 120 1
    train lift-student 2500 demo
    record coached 150 2 lift-student
    train lift-sft 5000 demo coached
    ;;
  tidy)
    record demo 60 1
    train tidy-student 3000 demo
    record coached 20 2 tidy-student
    train tidy-student-2 4000 demo coached
    record coached-2 36 3 tidy-student-2
    train tidy-sft 4000 demo coached coached-2
    ;;
esac
printf 'regenerate: %s\n' "$out/$task-sft"
