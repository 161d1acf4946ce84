# Read by the scripts beside it: sets `here` to this folder and `python` to a Python that really runs and that we support.
here=$(cd "$(dirname "$0")" && pwd -P) || exit 1
python=
for candidate in ${STADHUIS_PYTHON:+"$STADHUIS_PYTHON"} python3.14 python3.13 python3.12 python3.11 python3 python \
  /usr/bin/python3.14 /usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11 /usr/bin/python3; do
  if "$candidate" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "Stadhuis needs Python 3.11, 3.12, 3.13 or 3.14, and none of them was found: install one, or name it in STADHUIS_PYTHON." >&2
  exit 1
fi
