#!/bin/sh
# Installs what the tests of this folder open reports with, where it is absent.
set -eu
missing=
for pair in chromium:chromium soffice:libreoffice-writer-nogui soffice:libreoffice-calc-nogui pdftotext:poppler-utils; do
	command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done
[ -z "$missing" ] && exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of names
apt-get install -qq --no-install-recommends $missing fonts-liberation2 >/dev/null
