// The command line of runbook-agent.
#pragma once

namespace runbook::agent {

// Runs one command and gives its exit code: 0 done, 1 not done (for `status`: not connected), 2 wrong usage.
int run_program(int argc, char** argv);

}  // namespace runbook::agent
