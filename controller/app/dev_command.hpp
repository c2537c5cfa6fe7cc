// `runbook-controller dev`: a whole system on this machine, PostgreSQL and agents included.
#pragma once

#include "controller/app/settings.hpp"

namespace runbook::app {

// Returns the exit status after SIGTERM, SIGINT or SIGHUP. Throws what main tells in one sentence.
int run_dev(Settings settings);

}  // namespace runbook::app
