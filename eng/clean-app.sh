#!/usr/bin/env bash
# A clean app outside of the repository, made of the packages of eng/pack.sh and of nothing but the lines of the README's section "In an app of your own": reaches its 202 and its result.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$work"' EXIT
section() { sed -n '/^## In an app of your own/,/^## /p' README.md; }

# The n-th block of commands: lines that are indented by four.
commands() { section | awk -v want="$1" '/^```/ { code = !code } !code && /^    / { if (!inside) { n++; inside = 1 } if (n == want) print substr($0, 5); next } { inside = 0 }'; }
program() { section | awk '/^```csharp/ && !done { inside = 1; next } /^```/ && inside { exit } inside'; }

# A home of its own, with the user's feeds in it: what the lines set up for the user – a source, downloaded packages, the folder – goes with it.
settings=$HOME/.nuget/NuGet/NuGet.Config
export HOME=$work/home DOTNET_CLI_HOME=$work/home DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
unset NUGET_PACKAGES
mkdir -p "$HOME/.nuget/NuGet"
[ ! -f "$settings" ] || cp "$settings" "$HOME/.nuget/NuGet/"
[ -n "$(ls artifacts/packages/Errand.App.*.nupkg 2> /dev/null)" ] || { echo "No packages: run make build && eng/pack.sh first."; exit 1; }
commands 1 | grep -v 'eng/pack.sh' > "$work/setup.sh"
bash -euo pipefail "$work/setup.sh" > "$work/setup.log" 2>&1 || { cat "$work/setup.sh" "$work/setup.log"; exit 1; }
echo "ok  a clean app: $(grep -c . "$work/setup.sh") commands"

cd "$HOME/Reports"
(cd "$OLDPWD" && program) > Program.cs
url=http://127.0.0.1:$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd "$OLDPWD" && commands 2) | sed "s#http://127.0.0.1:[0-9]*#$url#g" > "$work/use.sh"
dotnet build -v q > "$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
bash -c "exec $(sed -n '/^dotnet run/p' "$work/use.sh") --no-build" > "$work/run.log" 2>&1 &
server=$!
for _ in $(seq 150); do grep -q 'Application started' "$work/run.log" 2> /dev/null && break; sleep 0.2; done

# expect WHAT TEXT…, of the n-th curl line.
answer() { sed -n '/^curl/p' "$work/use.sh" | sed -n "$1p" | bash -euo pipefail 2> /dev/null > "$work/answer"; }
expect() {
    local what=$1 text
    shift
    for text; do grep -qF "$text" "$work/answer" || { echo "$what: no '$text' in:"; cat "$work/answer" "$work/run.log"; exit 1; }; done
    echo "ok  $what"
}

answer 1
expect 'accepted' 'HTTP/1.1 202' 'Operation-Location: ' 'Location: ' 'Retry-After: ' '"type":"report.export"'
location=$(sed -nE 's/^Location: ([^\r]+).*/\1/p' "$work/answer")
curl -s -i -H 'Prefer: wait=20' "$location" > "$work/answer"
expect 'its result' 'HTTP/1.1 200' '{"month":"2026-10","pages":12}'
answer 2
expect 'waited for' 'HTTP/1.1 200' '"result":{"month":"2026-10","pages":12}'
echo "clean app: the README's lines work"
