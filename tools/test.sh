# shellcheck shell=bash
# ./dev test: builds, runs the suites one after the other, counts, and sums up.
